"""What the detail says of the job a schedule makes, and of the rules under which it runs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from tfui.core.particulars import particulars, worth_retrying
from tfui.core.states import OnMissed
from tfui.core.words import counted
from tfui.ui import spans
from tfui.ui.plain import plain
from tfui.ui.widgets.facts import Fact

if TYPE_CHECKING:
    from tfui.model.schedule import ScheduleDetail, ScheduledJob


def work(detail: ScheduleDetail) -> list[Fact]:
    """Tell what is run, with what, and in which queue."""
    row = detail.row
    given = particulars(row.job_type, detail.schedule.payload)
    return [
        Fact(row.job_type, Content(plain(row.command))),
        *(
            Fact("" if label == "runs" else label, Content.styled(plain(text), "$dim"))
            for label, text in given
        ),
        Fact(
            "queue",
            Content.assemble(plain(detail.queue), (f"   priority {row.priority}", "$dim")),
        ),
    ]


def policies(schedule: ScheduledJob) -> list[Fact]:
    """Tell what becomes of runs that overlap, were missed, fail or take too long."""
    timeout, jitter = schedule.timeout_seconds, schedule.jitter_seconds
    facts = [
        Fact("overlap", Content(str(schedule.overlap).replace("_", " "))),
        Fact("missed", Content.assemble(str(schedule.on_missed), (_catchup(schedule), "$dim"))),
        Fact("retry", Content.assemble(_retry(schedule), (_conditions(schedule), "$dim"))),
        Fact("timeout", Content(_span(timeout) if timeout else "none")),
    ]
    return [*facts, Fact("jitter", Content(f"up to {_span(jitter)}"))] if jitter else facts


def _catchup(schedule: ScheduledJob) -> str:
    """Say how much is made up for; nothing where nothing is."""
    if schedule.on_missed == OnMissed.SKIP:
        return ""
    most = f", at most {schedule.max_catchup:,}" if schedule.on_missed == OnMissed.ALL else ""
    return f"   up to {_span(schedule.catchup_window_seconds)} late{most}"


def _retry(schedule: ScheduledJob) -> str:
    if schedule.max_attempts <= 1:
        return "none"
    apart = spans.took(schedule.retry_base_seconds)
    return f"{schedule.max_attempts} attempts, {apart} apart ×{schedule.retry_factor:g}"


def _conditions(schedule: ScheduledJob) -> str:
    """Say after which exit codes it is tried again, and after how many failures it rests."""
    codes = worth_retrying(schedule.retry_on, schedule.no_retry_on)
    parts = [codes] if codes and schedule.max_attempts > 1 else []
    if schedule.pause_after_failures:
        parts.append(f"paused after {counted(schedule.pause_after_failures, 'failure')} in a row")
    return f"   {', '.join(parts)}" if parts else ""


def _span(seconds: float) -> str:
    return spans.short(timedelta(seconds=seconds))
