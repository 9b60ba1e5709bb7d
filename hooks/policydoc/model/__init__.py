"""The Document of a policy, whatever it was written in, and what can be asked of it by pure functions.

Readings, status, amendments, outline, what has moved, the comparison of two versions, and every path and anchor.
"""
