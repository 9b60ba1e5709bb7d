"""What any file holds: bytes come in, the texts that can be read in them go out, or why the file is refused.

It knows nothing of policies. Pictures and drawings without what they say of themselves come from here.
"""
