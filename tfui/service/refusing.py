"""Refusing to take an entry of the journal back: the error that says why, whoever asked for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.errors import Conflict
from tfui.service.journal_words import said

if TYPE_CHECKING:
    from tfui.model.journal import JournalRow


class Refused(Conflict):
    """Something stands in the way of taking an entry back; `why` is the rest of a sentence about it."""

    def __init__(self, entry: JournalRow, why: str) -> None:
        self.entry = entry
        self.why = why
        super().__init__(f"that {entry.by} {said(entry)} cannot be taken back: {why}")
