"""A queue in words: whether it is open, why its jobs wait, what its types may start, the last hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.health import Condition
from tfui.core.states import WaitReason
from tfui.core.unknown import Words
from tfui.ui import spans
from tfui.ui.glyphs import OF_CONDITION, Glyph
from tfui.ui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, tzinfo

    from tfui.model.queue import QueueRow, RateRow

OPEN = Glyph("●", "*", "open", "st-ok")
PAUSED = OF_CONDITION[Condition.PAUSED]

WAITS = Words(
    {
        WaitReason.DUE_AT: "not due",
        WaitReason.JITTER: "jitter",
        WaitReason.DEPENDENCY: "dependency",
        WaitReason.OVERLAP: "overlap",
        WaitReason.QUEUE_PAUSED: "queue paused",
        WaitReason.CONCURRENCY: "queue full",
        WaitReason.RATE: "rate limit",
        WaitReason.RETRY: "retry",
        WaitReason.NO_WORKER: "a seat",
    }
)
"""What a job waits for, in a word or two."""
_BARS, _ASCII_BARS = "▁▂▃▄▅▆", ".:-=+#"
_NOTHING, _ASCII_NOTHING = "·", "_"


def standing(queue: QueueRow) -> Glyph:
    """Say whether its jobs may start."""
    return OPEN if queue.paused_at is None else PAUSED


def waits_words(waits: Mapping[WaitReason, int]) -> str:
    """Say what its jobs wait for: `3 queue full, 1 retry`."""
    return ", ".join(f"{count:,} {WAITS[reason]}" for reason, count in waits.items())


def at_once_words(queue: QueueRow) -> str:
    """Say how many run of how many may: `2/4`; `2` where only the engines' seats bound it."""
    most = "" if queue.concurrency is None else f"/{queue.concurrency:,}"
    return f"{queue.running:,}{most}"


def pause_words(queue: QueueRow, zone: tzinfo | None, now: datetime) -> str:
    """Say who paused it, why, and until when."""
    if queue.paused_at is None:
        return ""
    by = f" by {plain(queue.paused_by)}" if queue.paused_by else ""
    note = f' "{plain(queue.pause_note)}"' if queue.pause_note else ""
    end = "until resumed"
    if queue.paused_until is not None:
        end = f"until {spans.moment(queue.paused_until, zone, now)}"
    return f"{spans.short(now - queue.paused_at)} ago{by}{note}, {end}"


def limit_words(limit: RateRow, zone: tzinfo | None, now: datetime) -> str:
    """Say what of a limit is left: `12 of 30 a minute left`, or when the next may start."""
    if limit.remaining or limit.clears_at is None:
        return f"{limit.remaining:,} of {limit.per_minute:,} a minute left"
    at = limit.clears_at.astimezone(zone)
    wait = spans.countdown(limit.clears_at - now)
    return f"none of {limit.per_minute:,} a minute left, next {at:%H:%M:%S} in {wait}"


def limits_words(queue: QueueRow) -> str:
    """Say in a few cells what is left of all its limits: `left: shell 12/30`."""
    left = ", ".join(
        f"{limit.job_type} {limit.remaining:,}/{limit.per_minute:,}" for limit in queue.limits
    )
    return f"left: {left}" if left else ""


def chart(depths: Sequence[int], width: int, height: int, *, ascii: bool) -> list[str]:  # noqa: A002  # the option's name
    """Draw depths as bars `height` lines high, the topmost line first."""
    width = min(width, len(depths))
    peaks = _peaks(depths, width)
    most = max(peaks, default=0)
    full = "#" if ascii else "█"
    steps = " " + (_ASCII_BARS[-1:] if ascii else "▁▂▃▄▅▆▇") + full
    size = len(steps) - 1
    heights = [-(-peak * height * size // most) if most else 0 for peak in peaks]
    return [
        "".join(steps[max(0, min(size, each - row * size))] for each in heights)
        for row in reversed(range(height))
    ]


def _peaks(depths: Sequence[int], width: int) -> list[int]:
    """Give the highest of each of `width` stretches."""
    count = len(depths)
    return [
        max(depths[place * count // width : (place + 1) * count // width]) for place in range(width)
    ]


def sparkline(depths: Sequence[int], width: int, *, ascii: bool) -> str:  # noqa: A002  # the option's name
    """Draw depths, oldest first, in `width` cells: each the highest of its stretch."""
    if width <= 0 or not depths:
        return ""
    heights, nothing = (_ASCII_BARS, _ASCII_NOTHING) if ascii else (_BARS, _NOTHING)
    peaks = _peaks(depths, min(width, len(depths)))
    most = max(peaks)
    return "".join(
        nothing if peak == 0 else heights[(peak * len(heights) - 1) // most] for peak in peaks
    )
