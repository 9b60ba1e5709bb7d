"""The bytes of policy_src/ come in, a Document goes out, or all that is wrong with it.

The only room that knows Markdown, YAML and element trees: policy_files, front_matter, line_numbers, dialect, walk,
numbering, build, and parse, which runs them in this order. What an author may mean and did not write is told by
near_misses, unread, labels.
"""
