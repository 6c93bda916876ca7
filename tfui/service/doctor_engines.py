"""The engines' check-up: whether what is due, queued or running is in somebody's hands."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui import __version__
from tfui.core.explain_job import brief
from tfui.core.finding import Finding, Severity
from tfui.core.identifiers import short
from tfui.store import checks, checks_adrift, circumstances

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from tfui.core.facts import EngineFacts
    from tfui.store.checks import Waiting
    from tfui.store.connection import Transaction

PATIENCE = timedelta(minutes=1)
"""How long something may be left lying before it is told of: engines act within milliseconds."""

_START_ONE = "start an engine: open the dashboard with `tfui`, or run `tfui engine`"
_LOOK_AT_IT = "look at the engine's last error in the dashboard or its log; restart it if it hangs"


def findings(tx: Transaction, organization_id: UUID, now: datetime) -> list[Finding]:
    """Look for work that nobody does."""
    engines = circumstances.engines(tx, now)
    found = [
        *_work(tx, organization_id, now, engines),
        *_running(tx, organization_id, now),
        *_waits(tx, organization_id, now),
        *_adrift(tx, organization_id),
        *_versions(tx, now),
    ]
    if not found or (engines.alive and all(one.subject != "engines" for one in found)):
        found.append(_summary(tx, organization_id, now, engines))
    return found


def _work(
    tx: Transaction,
    organization_id: UUID,
    now: datetime,
    engines: EngineFacts,
) -> Iterator[Finding]:
    advice = _LOOK_AT_IT if engines.alive else _START_ONE
    nobody = "an engine is running" if engines.alive else "no engine is running"
    due = checks.overdue(tx, organization_id, now - PATIENCE)
    if due.count:
        text = f"{_many(due.count, 'schedule')} due and not planned, {_longest(due, now)}; {nobody}"
        yield Finding(severity=Severity.ERROR, subject="engines", text=text, advice=advice)
    queued = checks.unclaimed(tx, organization_id, now - PATIENCE, held_up=not engines.alive)
    if queued.count:
        text = f"{_many(queued.count, 'job')} queued and not started, {_longest(queued, now)}; {nobody}"
        yield Finding(severity=Severity.ERROR, subject="engines", text=text, advice=advice)


def _running(tx: Transaction, organization_id: UUID, now: datetime) -> Iterator[Finding]:
    for job in checks.ill_held(tx, organization_id, now):
        name = job.schedule or f"job {short(job.job_id)}"
        is_past = job.lease_until is None or job.lease_until < now
        if not is_past and job.is_engine_alive:
            continue
        where = f"on {job.host}" if job.host else "of no known engine"
        state = "its engine is gone" if not job.is_engine_alive else "its engine lives"
        lease = "it has no lease"
        if job.lease_until is not None:
            lease = (
                f"its lease ran out {brief(now - job.lease_until)} ago"
                if is_past
                else f"its lease lasts for {brief(job.lease_until - now)}"
            )
        yield Finding(
            severity=Severity.ERROR if is_past else Severity.WARNING,
            subject=name,
            text=f"job {short(job.job_id)} counts as running {where}: {state}, {lease}",
            advice="any running engine gives the attempt up when its lease has run out and tries again",
        )


def _waits(tx: Transaction, organization_id: UUID, now: datetime) -> Iterator[Finding]:
    for queue in checks.paused_queues(tx, organization_id, now - PATIENCE):
        until = queue.paused_until
        end = "until it is resumed" if until is None else f"for another {brief(until - now)}"
        yield Finding(
            severity=Severity.WARNING,
            subject=f"queue {queue.name}",
            text=f"{_many(queue.waiting, 'job')} waiting in a paused queue, {end}",
            advice=f"`tfui queue resume {queue.name}` when the reason for the pause is gone",
        )
    stuck = checks.abandoned(tx, organization_id)
    if stuck.count:
        yield Finding(
            severity=Severity.WARNING,
            subject="jobs",
            text=f"{_many(stuck.count, 'job')} waiting for an earlier run that has ended "
            f"(one of them of {stuck.name})",
            advice="a running engine lets them go within ten seconds",
        )
    if count := checks.unexplained(tx, organization_id):
        yield Finding(
            severity=Severity.ERROR,
            subject="jobs",
            text=f"{_many(count, 'job')} waiting without a reason on record",
            advice="cancel and retry them; keep a copy of the database and report it",
        )


def _adrift(tx: Transaction, organization_id: UUID) -> Iterator[Finding]:
    missing = {
        "another job, and no record says for which": checks_adrift.parentless,
        "room in a queue that is not on record": checks_adrift.queueless,
    }
    for what, look in missing.items():
        found = look(tx, organization_id)
        if found.job_id is not None:
            yield Finding(
                severity=Severity.ERROR,
                subject="jobs",
                text=f"{_many(found.count, 'job')} waiting for {what} (one is {short(found.job_id)})",
                advice="nobody will start them: cancel them with `tfui cancel JOB`; no engine does "
                "this, so keep a copy of the database and report it",
            )


def _versions(tx: Transaction, now: datetime) -> Iterator[Finding]:
    for version, count in checks.engine_versions(tx, now).items():
        if version != __version__:
            yield Finding(
                severity=Severity.WARNING,
                subject="engines",
                text=f"{_many(count, 'engine')} of tfui {version}; this is {__version__}",
                advice="restart them, so that all follow the same rules",
            )


def _summary(
    tx: Transaction,
    organization_id: UUID,
    now: datetime,
    engines: EngineFacts,
) -> Finding:
    if engines.alive:
        text = f"{_many(engines.alive, 'engine')} running with {engines.seats} seats; nothing is left lying"
        return Finding(severity=Severity.OK, subject="engines", text=text)
    active = checks.active_schedules(tx, organization_id)
    if not active:
        text = "none is running, and no schedule needs one"
        return Finding(severity=Severity.OK, subject="engines", text=text)
    seen = engines.last_seen_at
    last = "none ever has" if seen is None else f"the last was seen {brief(now - seen)} ago"
    return Finding(
        severity=Severity.WARNING,
        subject="engines",
        text=f"no engine is running ({last}), and {_many(active, 'schedule')} waiting for one",
        advice=_START_ONE,
    )


def _longest(waiting: Waiting, now: datetime) -> str:
    if waiting.since is None:
        return "for an unknown time"
    return f"for up to {brief(now - waiting.since)} ({waiting.name})"


def _many(count: int, noun: str) -> str:
    return f"1 {noun} is" if count == 1 else f"{count:,} {noun}s are"
