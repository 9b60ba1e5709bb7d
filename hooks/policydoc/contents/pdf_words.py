"""Turns a policy's PDF into its words, without what the program prints round them: to compare two releases' copies."""

from __future__ import annotations

import pypdfium2

from .kinds import broken

# Points: what stands above and below is no one's text, but the page's own (docs/templates/policy/look.typ)
_TOP, _BOTTOM = 26 / 25.4 * 72, 30 / 25.4 * 72
# Where the program begins to speak of the copy itself
_ENDS = "Is this copy current?"


def words(data: bytes) -> list[str]:
    """The words of all pages in turn, up to what the last one says of the copy. Raises UnreadableFile."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise broken("is damaged. Save it again as PDF") from None
    texts: list[str] = []
    try:
        for page in document:
            text_page = page.get_textpage()
            texts.append(text_page.get_text_bounded(bottom=_BOTTOM, top=page.get_height() - _TOP))
            text_page.close()
            page.close()
    finally:
        document.close()
    return " ".join(texts).partition(_ENDS)[0].split()
