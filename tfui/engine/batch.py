"""One batch of due schedules, planned in one transaction: the plain ones quickly, the others with care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tfui.core import jitter
from tfui.core import trigger as triggers
from tfui.core.states import JobKind, JobStatus, Overlap, WaitReason
from tfui.core.trigger import Cron
from tfui.engine import backlog
from tfui.errors import Invalid
from tfui.model.columns import from_microseconds, to_microseconds
from tfui.store import dependencies, planning
from tfui.store.kept import from_kept, new_kept
from tfui.store.planning import ALONE

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence
    from datetime import datetime

    from tfui.core.states import SkipReason
    from tfui.core.trigger import Trigger
    from tfui.store.connection import Transaction
    from tfui.store.dependencies import Need
    from tfui.store.kept import AnyRow
    from tfui.store.planning import Company

_SECOND = 1_000_000
_SCHEDULED = JobKind.SCHEDULED.value
_QUEUED = JobStatus.QUEUED.value
_NO_WORKER = WaitReason.NO_WORKER.value
_JITTER = WaitReason.JITTER.value
_ALLOW = Overlap.ALLOW.value


@dataclass(slots=True)
class Planned:
    """What planning came to."""

    jobs: int = 0
    missed: int = 0
    """Occurrences missed, or stood for by another."""
    skipped: int = 0
    """Occurrences skipped for any other reason."""


class Batch:
    """Plans the schedules it is given; `failed` are those whose trigger could not be read."""

    def __init__(self, reason_at: Callable[[datetime], SkipReason], now: datetime) -> None:
        self.planned = Planned()
        self.failed: list[tuple[Any, Exception]] = []
        """Kept schedule ids with what went wrong."""
        self.too_early: list[Any] = []
        """Kept ids of schedules that come after one which is being planned elsewhere right now."""
        self._reason_at = reason_at
        self._now = now
        self._micros = to_microseconds(now)
        # Many schedules share an expression and an instant.
        self._nexts: dict[tuple[Any, ...], int | None] = {}

    def plan(self, tx: Transaction, rows: Sequence[AnyRow]) -> None:
        """Make jobs and ranges of rows that `planning.due` gave in this transaction."""
        if not rows:
            return
        needs = dependencies.needs(tx, [row.id for row in rows])
        if needs:
            rows = self._with_parents(tx, rows, needs)
        company = planning.company(tx, [row.id for row in rows if row.overlap != _ALLOW])
        plain, careful = self._sort_out(tx, rows, company, needs)
        if plain:
            refused = planning.create_jobs(tx, plain)
            if refused:
                careful += [row["schedule_id"] for row in plain if row["job_id"] in refused]
                plain = [row for row in plain if row["job_id"] not in refused]
            if plain:
                planning.advance(tx, plain)
            self.planned.jobs += len(plain)
        if careful:
            self._work_off(tx, careful, company, needs)

    def _sort_out(
        self,
        tx: Transaction,
        rows: Sequence[AnyRow],
        company: dict[Any, Company],
        needs: dict[Any, list[Need]],
    ) -> tuple[list[dict[str, Any]], list[Any]]:
        now = self._micros
        job_ids = new_kept(tx, len(rows))
        plain: list[dict[str, Any]] = []
        careful: list[Any] = []
        for row, job_id in zip(rows, job_ids, strict=True):
            schedule_id, _, _, _, _, nominal, ends_at, max_runs, runs, _, grace, spread = row
            try:
                following = self._following(row)
            except Invalid as bad:
                self.failed.append((schedule_id, bad))
                continue
            if (
                following is None
                or following <= now
                or now - nominal > grace * _SECOND
                or (ends_at is not None and following > ends_at)
                or (max_runs is not None and runs + 1 >= max_runs)
                or schedule_id in company
                or schedule_id in needs
            ):
                careful.append(schedule_id)
                continue
            available = nominal + _delay(schedule_id, nominal, spread) if spread else nominal
            plain.append(
                {
                    "schedule_id": schedule_id,
                    "job_id": job_id,
                    "nominal": nominal,
                    "next": following,
                    "available": available,
                    "state": _QUEUED,
                    "wait": _JITTER if available > now else _NO_WORKER,
                    "why": _SCHEDULED,
                    "now": now,
                },
            )
        return plain, careful

    def _following(self, row: AnyRow) -> int | None:
        """Give the instant after the one that is due, in microseconds."""
        schedule_id, kind, expression, zone, anchor, nominal = row[:6]
        is_cron = kind == "cron"
        # The id tells schedules with an H apart; a grid depends on its anchor.
        seed = schedule_id if is_cron and "h" in expression.lower() else None
        key = (expression, zone, seed if is_cron else anchor, nominal)
        if key in self._nexts:
            return self._nexts[key]
        trigger = triggers.parse(
            kind,
            expression,
            zone=zone,
            anchor=from_microseconds(anchor),
            seed="" if seed is None else str(from_kept(seed)),
        )
        found = self._nexts[key] = _next(trigger, nominal)
        return found

    def _with_parents(
        self,
        tx: Transaction,
        rows: Sequence[AnyRow],
        needs: dict[Any, list[Need]],
    ) -> list[AnyRow]:
        """Add the due schedules that those in the batch come after, and whose these come after."""
        found = {row.id: row for row in rows}
        wanted = _parents(needs.values(), found)
        while wanted:
            above = planning.due_among(tx, self._micros, wanted)
            found |= {row.id: row for row in above}
            more = dependencies.needs(tx, [row.id for row in above]) if above else {}
            needs |= more
            wanted = _parents(more.values(), found)
        return list(found.values())

    def _work_off(
        self,
        tx: Transaction,
        careful: list[Any],
        company: dict[Any, Company],
        needs: dict[Any, list[Need]],
    ) -> None:
        whole = planning.whole(tx, careful)
        for schedule_id in _parents_first(list(whole), needs) if needs else list(whole):
            schedule = whole[schedule_id]
            done = backlog.work_off(
                tx,
                schedule,
                company.get(schedule_id, ALONE),
                now=self._now,
                missed_reason=self._reason_at(schedule.next_run_at),
                needs=needs.get(schedule_id, ()),
            )
            if done.is_too_early:
                self.too_early.append(schedule_id)
            self.planned.jobs += len(done.jobs)
            self.planned.missed += done.missed
            self.planned.skipped += done.held_back


def _parents(needs: Iterable[list[Need]], found: Container[Any]) -> list[Any]:
    keys = (need.parent_key for some in needs for need in some)
    return [key for key in dict.fromkeys(keys) if key not in found]


def _parents_first(keys: list[Any], needs: dict[Any, list[Need]]) -> list[Any]:
    """Order schedules so that each follows those it comes after."""
    ordered: dict[Any, None] = {}
    wanted = set(keys)

    def take(key: Any) -> None:  # noqa: ANN401  # a kept id
        if key in ordered:
            return
        for need in needs.get(key, ()):
            if need.parent_key in wanted:
                take(need.parent_key)
        ordered[key] = None

    for key in keys:
        take(key)
    return list(ordered)


def _next(trigger: Trigger, micros: int) -> int | None:
    if isinstance(trigger, Cron):
        found = trigger.next_epoch(micros // _SECOND)
        return None if found is None else found * _SECOND
    return trigger.next_micros(micros)


def _delay(schedule_id: Any, nominal: int, seconds: int) -> int:  # noqa: ANN401  # a kept id
    span = timedelta(seconds=seconds)
    offset = jitter.offset(from_kept(schedule_id), from_microseconds(nominal), span)
    return offset // timedelta(microseconds=1)
