"""Failures of one likely cause, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.ui import spans
from tfui.ui.plain import plain

if TYPE_CHECKING:
    from tfui.core.likely_cause import Cause

_LONGEST = 40  # cells of what they said


def cause_words(cause: Cause, failing: int) -> str:
    """Say it for the verdict: `3 failing, same exit 69 within 8s: likely one cause`."""
    count = len(cause.failures)
    said = cause.signature.said
    same = cause.signature.kind or (f'"{said[:_LONGEST]}"' if said else "end")
    within = f"within {spans.short(cause.span)}" if cause.span else "in the same second"
    if count >= failing:
        return f"{failing} failing, same {plain(same)} {within}: likely one cause"
    return f"{failing} failing, {count} with the same {plain(same)} {within}: likely one cause"
