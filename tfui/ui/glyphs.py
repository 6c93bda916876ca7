"""The shape, word and colour of every condition and status, each with a twin in ASCII.

Shapes are one cell wide, are not emoji, and exist in DejaVu Sans Mono; no two states differ by
colour alone. Colours are names of theme variables, never colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core import unknown
from tfui.core.health import Condition
from tfui.core.states import JobStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.model.schedule import RecentRun


@dataclass(frozen=True, slots=True)
class Glyph:
    """How a state is drawn: `●` or its ASCII twin, a word, and a theme variable without the `$`."""

    shape: str
    twin: str
    word: str
    role: str

    def drawn(self, *, ascii: bool) -> str:  # noqa: A002  # the option's name
        """Give the shape or its twin."""
        return self.twin if ascii else self.shape

    @property
    def style(self) -> str:
        """The colour as Textual content reads it."""
        return f"${self.role}"


OF_CONDITION: dict[Condition, Glyph] = {
    Condition.OK: Glyph("✓", "o", "ok", "st-ok"),
    Condition.FAILED: Glyph("✗", "x", "failed", "st-fail"),
    Condition.LATE: Glyph("!", "!", "late", "st-late"),
    Condition.RUNNING: Glyph("►", ">", "running", "st-run"),
    Condition.RETRYING: Glyph("↻", "r", "retrying", "st-retry"),
    Condition.BLOCKED: Glyph("⊟", "b", "blocked", "st-blocked"),
    Condition.QUEUED: Glyph("◔", ".", "queued", "st-wait"),
    Condition.PAUSED: Glyph("⊝", "p", "paused", "st-paused"),
    Condition.DISABLED: Glyph("◌", "-", "done", "st-off"),
}


class _OfJob(dict[JobStatus, Glyph]):
    """Draws a status that this version does not know as a question, with its own word."""

    def __missing__(self, stranger: JobStatus) -> Glyph:
        return Glyph("?", "?", unknown.told(stranger), "st-late")


OF_JOB = _OfJob(
    {
        JobStatus.BLOCKED: OF_CONDITION[Condition.BLOCKED],
        JobStatus.QUEUED: OF_CONDITION[Condition.QUEUED],
        JobStatus.RUNNING: OF_CONDITION[Condition.RUNNING],
        JobStatus.SUCCEEDED: Glyph("✓", "o", "succeeded", "st-ok"),
        JobStatus.FAILED: OF_CONDITION[Condition.FAILED],
        JobStatus.CANCELLED: Glyph("⊗", "c", "cancelled", "st-off"),
    }
)

SKIPPED = Glyph("⊘", "/", "skipped", "st-skip")
"""An occurrence that did not become a job."""

_BARS, _ASCII_BARS = "▁▂▃▄▅▆", "..:-=#"  # never a full cell: lines would run together


def bars(runs: Sequence[RecentRun], *, ascii: bool) -> list[tuple[str, str]]:  # noqa: A002
    """Draw recent runs as (character, role), oldest first: height by duration, a cross for failure."""
    longest = max((run.duration_seconds or 0.0 for run in runs), default=0.0)
    return [_bar(run, longest, _ASCII_BARS if ascii else _BARS, ascii=ascii) for run in runs]


def _bar(run: RecentRun, longest: float, heights: str, *, ascii: bool) -> tuple[str, str]:  # noqa: A002
    if run.status is JobStatus.FAILED:
        return ("x" if ascii else "×"), "st-fail"
    if run.status is not JobStatus.SUCCEEDED:
        return ("." if ascii else "·"), "st-off"
    share = (run.duration_seconds or 0.0) / longest if longest > 0 else 0.0
    return heights[min(int(share * len(heights)), len(heights) - 1)], "spark"
