"""Journal entries in words, safe to show: `paused legacy-sync`, `edited billing-export`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.service import journal_words
from tfui.ui.plain import plain

if TYPE_CHECKING:
    from tfui.model.journal import JournalRow


def said(row: JournalRow) -> str:
    """Say one entry, without who and when."""
    return plain(journal_words.said(row))
