"""Amendments in the text itself: found, settled, written; and the approved versions that are kept."""
