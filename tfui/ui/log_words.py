"""What stands above a log: how the job went, when it was planned, which attempt, how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tfui.core.states import JobStatus
from tfui.ui import glyphs, spans

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tfui.model.job import JobRow


def log_heading(
    job: JobRow | None,
    now: datetime,
    zone: tzinfo | None,
    *,
    is_empty: bool,
    ascii: bool,  # noqa: A002  # the option's name
) -> Content:
    """Say it in one line."""
    if job is None:
        return Content.styled("Nothing has run yet.", "$dim")
    glyph = glyphs.OF_JOB[job.status]
    ended = job.finished_at or (now if job.status is JobStatus.RUNNING else None)
    seconds = (ended - job.started_at).total_seconds() if ended and job.started_at else None
    has_failed = job.status is JobStatus.FAILED and job.exit_code
    return Content.assemble(
        (f"{glyph.drawn(ascii=ascii)} {glyph.word}", f"bold {glyph.style}"),
        (f" exit {job.exit_code}" if has_failed else "", f"bold {glyph.style}"),
        (f"  {spans.lately(job.nominal_at, zone, now)}", ""),
        (f"  try {job.attempt}/{job.max_attempts}" if job.attempt > 1 else "", "$dim"),
        ("" if seconds is None else f"  {spans.took(seconds)}", "$dim"),
        ("  no output yet" if is_empty else "", "$dim"),
    )
