"""One schedule whole, for `tfui show`: what it is, how it has gone, and when it runs next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.cli import moments, output
from tfui.cli.depend import after
from tfui.cli.output import Styled
from tfui.cli.rows import standing
from tfui.core.identifiers import short
from tfui.core.particulars import particulars, worth_retrying
from tfui.core.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tfui.cli.output import Cell
    from tfui.model.dependency import DependencyRow
    from tfui.model.schedule import ScheduleDetail


def tell(
    detail: ScheduleDetail,
    upcoming: list[datetime],
    links: Sequence[DependencyRow],
    now: datetime,
) -> None:
    """Print one schedule as labels and values; what it does not have is left out."""
    row, schedule = detail.row, detail.schedule
    zone_name = row.timezone
    pairs: list[tuple[str, Cell]] = [
        ("name", Styled(row.name, "bold")),
        ("id", str(row.id)),
        ("status", standing(row, now)),
        ("note", row.status_note or row.pause_note or ""),
        ("paused until", _at(row.paused_until, now, zone_name)),
        ("schedule", f"{row.schedule_type} {row.schedule_expression} ({row.timezone})"),
        *(
            ("", after(link))
            if link.child_id == row.id
            else ("before", output.one_line(link.child))
            for link in links
        ),
        ("runs", f"{row.job_type}: {row.command}"),
        *(
            ("" if label == "runs" else label, output.one_line(text))
            for label, text in particulars(row.job_type, schedule.payload)
        ),
        (
            "queue",
            f"{detail.queue}{' (paused)' if detail.queue_paused else ''}, priority {row.priority}",
        ),
        ("overlap", str(schedule.overlap)),
        (
            "on missed",
            f"{schedule.on_missed}, {moments.span(schedule.catchup_window_seconds)} back",
        ),
        (
            "attempts",
            f"{schedule.max_attempts}, waiting {moments.span(schedule.retry_base_seconds)} and more"
            if schedule.max_attempts > 1
            else "1",
        ),
        ("tried again", worth_retrying(schedule.retry_on, schedule.no_retry_on)),
        (
            "pauses",
            f"after {counted(schedule.pause_after_failures, 'failure')} in a row"
            if schedule.pause_after_failures
            else "",
        ),
        (
            "timeout",
            "none" if schedule.timeout_seconds is None else moments.span(schedule.timeout_seconds),
        ),
        ("jitter", moments.span(row.jitter_seconds) if row.jitter_seconds else ""),
        ("from", _at(schedule.starts_at, now, zone_name)),
        ("until", _at(schedule.ends_at, now, zone_name)),
        ("run so far", f"{row.runs_count}{'' if row.max_runs is None else f' of {row.max_runs}'}"),
        ("last run", _at(row.last_run_at, now, zone_name)),
        ("last outcome", row.last_outcome.value if row.last_outcome else ""),
        ("last error", Styled(detail.last_error or "", "red")),
        ("success", "" if detail.success_rate is None else f"{detail.success_rate:.0%}"),
        ("duration", _durations(detail)),
        ("description", str(schedule.metadata_.get("description") or "")),
        ("tags", ", ".join(str(tag) for tag in schedule.metadata_.get("tags") or [])),
        (
            "created",
            f"{_at(schedule.created_at, now, zone_name)} by {detail.created_by or 'somebody'}",
        ),
        ("revision", str(row.revision)),
        ("newest job", short(schedule.job_id) if schedule.job_id else ""),
    ]
    pairs += [
        ("" if place else "next", _at(instant, now, zone_name))
        for place, instant in enumerate(upcoming)
    ]
    output.facts([(name, value) for name, value in pairs if _has_text(value)])


def _has_text(cell: Cell) -> bool:
    return bool(cell.text if isinstance(cell, Styled) else cell)


def _at(instant: datetime | None, now: datetime, zone_name: str) -> str:
    if instant is None:
        return ""
    return f"{moments.absolute(instant, zone_name)} ({moments.relative(instant, now)})"


def _durations(detail: ScheduleDetail) -> str:
    if detail.p50_seconds is None or detail.p95_seconds is None:
        return ""
    return f"half take {moments.span(detail.p50_seconds)}, 95 % at most {moments.span(detail.p95_seconds)}"
