"""Missed runs in words: why they were missed, when, and what dealing with them came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.reasons import WORDS
from tfui.core.words import counted
from tfui.ui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from tfui.core.states import SkipReason
    from tfui.model.missed import MissedRow, MissedTally, TriageRow

FEW = 3
"""Schedules of which it is said why something was left."""


def tally_words(tally: MissedTally) -> str:
    """Say it for the verdict: `3 schedules missed 14 runs: the machine was asleep`."""
    why = "" if tally.reason is None else f": {WORDS[tally.reason]}"
    return f"{counted(tally.schedules, 'schedule')} missed {runs_words(tally.runs)}{why}"


def runs_words(count: int) -> str:
    """Count runs."""
    return counted(count, "run")


def reasons_words(reasons: Sequence[SkipReason]) -> str:
    """Say why, the commonest reason first."""
    return ", ".join(WORDS[reason] for reason in reasons)


def window_words(row: MissedRow, zone: tzinfo | None, *, is_short: bool = False) -> str:
    """Say from when to when: `Mon 05 Jan 02:01 – 03:59`; in short without the day of the week."""
    first, last = row.from_at.astimezone(zone), row.to_at.astimezone(zone)
    day = f"{first:%d %b %H:%M}" if is_short else f"{first:%a %d %b %H:%M}"
    if row.count == 1:
        return day
    if first.date() == last.date():
        return f"{day} – {last:%H:%M}"
    if is_short:
        return f"{first:%d %b} – {last:%d %b}"
    return f"{first:%d %b %H:%M} – {last:%d %b %H:%M}"


def dealt_words(rows: Sequence[TriageRow]) -> str:
    """Say what was done to all of them together."""
    made = sum(len(row.job_ids) for row in rows)
    waived = sum(row.waived for row in rows)
    parts = [
        f"started {runs_words(made)}" if made else "",
        f"waived {runs_words(waived)}" if waived else "",
    ]
    return ", ".join(part for part in parts if part) or "nothing was done"


def left_words(rows: Sequence[TriageRow]) -> str:
    """Say what was left, and why, schedule by schedule."""
    left = [row for row in rows if row.left and row.why_left]
    lines = [
        f"{plain(row.schedule)}: {runs_words(row.left)} left, {row.why_left}" for row in left[:FEW]
    ]
    return "\n".join([*lines, *([f"and {len(left) - FEW:,} more"] if len(left) > FEW else [])])
