"""A policy of an edition comes in, files go out: pages, PDFs, data, register, feed, calendar.

No writer reads what another has written. What is finished is proved here: leak_gate and page_check read finished
files; staging puts them where readers see them, all or none.
"""
