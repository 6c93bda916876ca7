"""A simulated year: two hundred mixed schedules through the real planner, on a clock that is told.

It is recounted every thirty days. Time jumps from one due instant to the next. The engine plans, rescues, prunes and beats as ever;
only the jobs, which do nothing, are claimed and settled here by the store's own verbs, for a seat's
thread would have to be waited for a million times. Meanwhile the machine sleeps, the engine is down, the
clock is set forward and back, and people pause, resume, edit and run things by hand.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING, Any

from tests.soak import field
from tests.world import ADA, a_schedule, utc
from tfui.clock import FrozenClock
from tfui.core.states import AttemptOutcome, JobKind, Overlap
from tfui.engine import pruner
from tfui.engine.engine import Engine
from tfui.errors import Conflict, Invalid
from tfui.model.columns import IdMaker, table_of, to_microseconds
from tfui.model.schedule import ScheduledJob
from tfui.runners.catalog import Catalog
from tfui.service import schedules
from tfui.service.caller import Caller, local_caller
from tfui.store import accounting, claims, migrations, nodes, planning, results
from tfui.store.connection import Author, Store
from tfui.store.endings import Ended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from tfui.store.claims import Claim

log = logging.getLogger(__name__)

START = utc("2026-01-01 00:00")
TICK = timedelta(microseconds=1)
WORKER = Author(name="engine", via="engine")
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Africa/Casablanca",
    "America/Santiago",
    "Australia/Sydney",
)
ODD_ZONES = (*ZONES, "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham", "Europe/Dublin")
"""With offsets that are no whole hours, and clock changes of half an hour."""
# How many of each there are among two hundred. Most meet on the hour: what takes time here is the
# number of different instants, not the number of occurrences.
MIX = (
    (120, "cron", ("0 * * * *", "@hourly", "0 0-23 * * *"), ZONES),
    (25, "recurring", ("1h",), ZONES),
    (8, "cron", ("0 */2 * * *", "0 1-23/2 * * *"), ZONES),
    (10, "cron", ("0 8-17 * * MON-FRI",), ZONES),
    (10, "cron", ("30 2 * * *", "0 3 * * *", "30 1 * * *", "0 0 * * *", "15 2 * * SUN"), ODD_ZONES),
    (7, "cron", ("0 0 L * *", "0 9 LW * *", "0 12 * * FRI#2", "45 2 1,15 * *"), ODD_ZONES),
    (8, "recurring", ("6h", "1d", "P1W", "2h"), ZONES),
    (2, "recurring", ("7m",), ZONES),
    (10, "once", (), ODD_ZONES),
)
RECOUNT = timedelta(days=30)
EVENTS = (
    (12, "the_engine_is_down"),
    (60, "the_machine_sleeps"),
    (10, "the_clock_is_set_forward"),
    (10, "the_clock_is_set_back"),
    (120, "somebody_pauses"),
    (110, "somebody_resumes"),
    (60, "somebody_edits"),
    (100, "somebody_runs_one_by_hand"),
)


class Year:
    """A store, an engine and a worker that live through it."""

    def __init__(self, store: Store, *, days: int, seed: int) -> None:
        self.clock = FrozenClock(START)
        self.end = START + timedelta(days=days)
        self.claimed = 0
        self.carried_out_twice = 0
        self.turns = 0
        self.recounts = 0
        self.happened: Counter[str] = Counter()
        self._dice = Random(seed)
        self._store = store
        self.caller: Caller = local_caller(store, self.clock, via="cli")
        self._ids = [self._schedule(*one, days=days) for one in _mixed(self._dice)]
        self._engine = self._an_engine()
        self._node_id = IdMaker().make(START)
        self._seen: set[tuple[Any, int]] = set()
        self._kept: list[tuple[datetime, Claim]] = []
        with store.writing(by=WORKER, now=START) as tx:
            nodes.enter(
                tx,
                self._node_id,
                host="elsewhere",
                pid=1,
                kind="headless",
                seats=1000,
                version="1",
                figures={},
                now=START,
            )

    def live(self) -> None:
        """Go from one due instant to the next until the year is over."""
        events = self._events()
        next_at, event = next(events)
        recount_at = START + RECOUNT
        while (instant := self._next_instant()) < self.end:
            if next_at <= instant:
                self.clock.advance(max(next_at - self.clock.now(), timedelta(0)))
                event()
                self.happened[event.__name__] += 1
                next_at, event = next(events)
                continue
            self.clock.advance(instant - self.clock.now())
            self._turn()
            if instant >= recount_at:
                recount_at += RECOUNT
                self._recount()
        self.clock.advance(max(self.end - self.clock.now(), timedelta(0)))
        self._finish()
        self._engine.close()

    def the_engine_is_down(self) -> None:
        """Ten minutes to four days."""
        self._engine.close()
        self.clock.advance(self._span(600, 4 * 86_400))
        self._engine = self._an_engine()

    def the_machine_sleeps(self) -> None:
        """Half an hour to a night."""
        self.clock.sleep(self._span(1800, 36_000))

    def the_clock_is_set_forward(self) -> None:
        """Some minutes to two hours."""
        self.clock.step(self._span(120, 7200))

    def the_clock_is_set_back(self) -> None:
        """Some minutes to two hours."""
        self.clock.step(-self._span(120, 7200))
        self._turn()

    def somebody_pauses(self) -> None:
        """One schedule, for good or until an instant."""
        until = self._dice.choice([None, self.clock.now() + self._span(3600, 40 * 86_400)])
        with suppress(Conflict):
            schedules.pause(self.caller, [self._one()], note="busy", until=until)

    def somebody_resumes(self) -> None:
        """Everything that is paused."""
        with self._store.reading() as tx:
            table = table_of(ScheduledJob)
            query = table.select().where(table.c.status == "paused")
            paused = [row.id for row in tx.connection.execute(query)]
        schedules.resume(self.caller, paused)

    def somebody_edits(self) -> None:
        """The times of one schedule."""
        schedule = schedules.draft(self.caller, schedule_id := self._one())
        kinds = {"cron": ("0 */3 * * *", "0 * * * *"), "recurring": ("1h", "2h")}
        expression = self._dice.choice(kinds.get(schedule.schedule_type, ("30m",)))
        with suppress(Conflict, Invalid):
            schedules.edit(self.caller, schedule_id, {"schedule_expression": expression})

    def somebody_runs_one_by_hand(self) -> None:
        """Whatever its state."""
        with suppress(Conflict):
            schedules.run_now(self.caller, self._one())

    def _turn(self) -> None:
        self.turns += 1
        self._engine.wake()
        self._engine.turn()
        self._work()

    def _recount(self) -> None:
        found = field.recount(self.caller)
        self.recounts += 1
        log.info("by %s: %s", self.clock.now(), found.figures())

        assert found.faults.total() == 0, found.faults

    def _finish(self) -> None:
        """Let everything run that waits for another's end, and end what was kept."""
        while True:
            before = self.claimed
            self._kept = [(self.clock.now(), claim) for _, claim in self._kept]
            self._turn()
            if before == self.claimed and not self._kept:
                return

    def _work(self) -> None:
        """Claim all that may start, and end it: most at once, some later, some badly."""
        now = self.clock.now()
        with self._store.writing(by=WORKER, now=now) as tx:
            taken = claims.claim(tx, self._node_id, now=now, seats=1000)
            over = [claim for until, claim in self._kept if until <= now]
            self._kept = [one for one in self._kept if one[0] > now]
            for claim in taken:
                self._note(claim)
                if self._dice.random() < 0.001:
                    self._kept.append((now + self._span(60, 15_000), claim))
                else:
                    over.append(claim)
            results.settle(tx, [self._ended(claim, now) for claim in over])

    def _note(self, claim: Claim) -> None:
        self.claimed += 1
        if claim.fence == 1 and claim.kind == JobKind.SCHEDULED:
            occurrence = (claim.schedule_key, to_microseconds(claim.nominal_at))
            self.carried_out_twice += occurrence in self._seen
            self._seen.add(occurrence)

    def _ended(self, claim: Claim, now: datetime) -> Ended:
        is_bad = self._dice.random() < 0.01
        return Ended.of(
            claim,
            node_id=self._node_id,
            started_at=now,
            finished_at=now,
            outcome=AttemptOutcome.FAILED if is_bad else AttemptOutcome.SUCCEEDED,
            exit_code=1 if is_bad else 0,
            error="it went wrong" if is_bad else None,
        )

    def _next_instant(self) -> datetime:
        with self._store.reading() as tx:
            horizon = planning.horizon(tx)
        waits = [at for at in (horizon.due_at, horizon.resume_at) if at is not None]
        return max(min(waits, default=self.end), self.clock.now())

    def _events(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        span = self.end - START
        share = span / timedelta(days=365)
        found = [
            (START + span * self._dice.random(), name)
            for number, name in EVENTS
            for _ in range(max(1, round(number * share)))
        ]
        for at, name in sorted(found):
            yield at, getattr(self, name)
        yield self.end, self.somebody_resumes

    def _an_engine(self) -> Engine:
        return Engine(self._store, Catalog(), self.clock, seats=1, work=False)

    def _one(self) -> UUID:
        return self._dice.choice(self._ids)

    def _span(self, least: int, most: int) -> timedelta:
        return timedelta(seconds=self._dice.randint(least, most))

    def _schedule(self, kind: str, expression: str, zone: str, *, days: int) -> UUID:
        dice = self._dice
        starts_at = None
        if kind != "once" and dice.random() < 0.1:
            starts_at = START + timedelta(days=dice.randrange(days // 2 + 1), hours=1)
        since = accounting.in_force_since(START, starts_at)
        is_short = expression == "7m"
        is_bounded = is_short or (kind != "once" and dice.random() < 0.05)
        ends_at = START + timedelta(days=days // (12 if is_short else 2) + 1)
        with self._store.writing(by=ADA, now=START) as tx:
            schedule_id = a_schedule(
                tx,
                self.caller.organization_id,
                schedule_type=kind,
                schedule_expression=expression,
                timezone=zone,
                on_missed=dice.choice(["latest", "skip", "earliest", "all"]),
                overlap=dice.choice(list(Overlap)),
                max_catchup=dice.choice([3, 100]),
                max_runs=dice.choice([None] * 19 + [1000]),
                max_attempts=dice.choice([1, 3]),
                jitter_seconds=dice.choice([0] * 49 + [600]),
                starts_at=starts_at,
                ends_at=ends_at if is_bounded else None,
                anchor_at=starts_at or START,
                effective_at=since,
                cursor_at=since,
                created_at=START,
            )
            table = table_of(ScheduledJob)
            row = tx.connection.execute(table.select().where(table.c.id == schedule_id)).one()
            first = accounting.next_run(row, since)
            tx.connection.execute(
                table.update().where(table.c.id == schedule_id).values(next_run_at=first),
            )
        return schedule_id


def play(store: Store, *, days: int = 365, seed: int = 1) -> dict[str, Any]:
    """Live through a year, recount it, and give the figures. Raises AssertionError."""
    migrations.upgrade(store)
    lease, claims.LEASE = claims.LEASE, timedelta(days=1)  # nobody renews between two due instants
    # Every ten minutes would be at every turn here, and take longer than all the rest.
    pruning, pruner.ROUND = pruner.ROUND, timedelta(days=1)
    began = time.monotonic()
    try:
        year = Year(store, days=days, seed=seed)
        year.live()
    finally:
        claims.LEASE, pruner.ROUND = lease, pruning
    seconds = time.monotonic() - began
    found = field.recount(year.caller)
    on_record = found.jobs + sum(found.skipped.values())

    assert year.carried_out_twice == 0
    assert found.faults.total() == 0, found.faults
    assert field.complaints(year.caller) == []
    return {
        "days": days,
        "schedules": sum(number for number, *_ in MIX),
        "turns": year.turns,
        "recounts": year.recounts,
        "happened": dict(year.happened),
        "executions": year.claimed,
        "on_record": on_record,
        **found.figures(),
        "carried_out_twice": year.carried_out_twice,
        "seconds": round(seconds, 1),
        "occurrences_per_second": round(on_record / seconds),
    }


def _mixed(dice: Random) -> Iterator[tuple[str, str, str]]:
    for number, kind, expressions, names in MIX:
        zones = cycle(names)
        for index in range(number):
            if kind == "once":
                text = dice.choice([f"{dice.randint(1, 8000)}h", _wall_time(dice)])
                yield kind, text, next(zones)
            else:
                yield kind, expressions[index % len(expressions)], next(zones)


def _wall_time(dice: Random) -> str:
    return f"2026-{dice.randint(2, 12):02}-{dice.randint(1, 28):02} 02:30"
