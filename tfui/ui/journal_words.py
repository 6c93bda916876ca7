"""Journal entries in words: `paused legacy-sync`, `edited billing-export`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.ui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.model.journal import JournalRow


def said(row: JournalRow) -> str:
    """Say one entry, without who and when."""
    noun, _, verb = row.verb.partition(".")
    what = "" if noun == "schedule" else f"{noun} "
    return f"{verb.replace('_', ' ')} {what}{plain(row.subject)}"


def said_together(rows: Sequence[JournalRow]) -> str:
    """Say the entries of one act."""
    if not rows:
        return "nothing"
    if len(rows) == 1:
        return said(rows[0])
    _, _, verb = rows[0].verb.partition(".")
    return f"{verb.replace('_', ' ')} {len(rows)} schedules"
