"""Journal entries in words, without who and when: `paused legacy-sync`, `paused 7 schedules`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.model.journal import JournalRow

_PLURALS = {"dependency": "dependencies"}


def said(row: JournalRow) -> str:
    """Say one entry."""
    noun, verb = _parts(row)
    what = "" if noun == "schedule" else f"{noun} "
    return f"{verb} {what}{row.subject}"


def said_together(rows: Sequence[JournalRow]) -> str:
    """Say the entries of one act: what was done to most of them, and the rest after it."""
    if not rows:
        return "nothing"
    kinds: dict[tuple[str, str], list[JournalRow]] = {}
    for row in rows:
        kinds.setdefault(_parts(row), []).append(row)
    return ", ".join(
        said(some[0])
        if len(some) == 1
        else f"{verb} {len(some):,} {_PLURALS.get(noun, noun + 's')}"
        for (noun, verb), some in kinds.items()
    )


def _parts(row: JournalRow) -> tuple[str, str]:
    noun, _, verb = row.verb.partition(".")
    return noun, verb.replace("_", " ")
