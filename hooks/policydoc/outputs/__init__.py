"""A policy of an edition comes in, files go out: pages, PDFs, register, feed, calendar.

What is finished is proved here: leak_gate and page_check read finished files; staging puts them where readers see
them, all or none.
"""
