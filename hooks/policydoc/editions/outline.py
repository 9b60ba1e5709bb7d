"""The outline of what the external edition says: to prove that nothing internal got out, and nothing was lost."""

from __future__ import annotations

from ..model.document import Document, Reading
from ..model.outline import DELETED, NOT_PUBLISHED, Line, outline
from .withhold import withhold


def published(document: Document, reading: Reading) -> list[Line]:
    """What the external edition says, without what only says that something is not published or deleted."""
    return [line for line in outline(withhold(document), reading) if line.text not in ("", NOT_PUBLISHED, DELETED)]
