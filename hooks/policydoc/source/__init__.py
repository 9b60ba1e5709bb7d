"""The bytes of policy_src/ come in, a counted tree goes out, or all that is wrong with it.

The only room that knows Markdown and YAML: policy_files, front_matter, line_numbers, markdown, walk, numbering, and
parse, which runs them in this order. What an author may mean and did not write is told by near_misses, unread, labels.
"""
