"""The law under whatever happens: time, sleep, stepped clocks, crashes, pauses, runs by hand.

Hypothesis plays with two engines on one store; after every step the ledger is recounted from the
trigger, and no occurrence was ever carried out twice without a lost attempt in between.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.engine.ledger import assert_the_law_holds
from tests.engine.stage import Stage
from tests.world import ADA, NOON
from tfui.clock import FrozenClock
from tfui.core.states import JobKind, SkipReason
from tfui.errors import Conflict
from tfui.service import missed
from tfui.store import accounting, firing, migrations
from tfui.store.connection import Store

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.engine.engine import Engine

SPANS = st.one_of(
    st.integers(0, 300).map(lambda seconds: timedelta(seconds=seconds)),
    st.integers(1, 72).map(lambda hours: timedelta(hours=hours)),
    st.sampled_from([timedelta(milliseconds=1), timedelta(days=40)]),
)
TRIGGERS = [
    ("cron", "* * * * *"),
    ("cron", "*/7 8-17 * * MON-FRI"),
    ("cron", "30 2 * * *"),
    ("recurring", "5s"),
    ("recurring", "1h30m"),
    ("once", "45m"),
]
_TEMPLATE: list[bytes] = []


def a_fresh_file(folder: Path) -> Store:
    path = folder / "tfui.db"
    if not _TEMPLATE:
        store = Store(str(path))
        migrations.upgrade(store)
        store.close()
        _TEMPLATE.append(path.read_bytes())
    path.write_bytes(_TEMPLATE[0])
    return Store(str(path))


class TheLaw(RuleBasedStateMachine):
    """Two engines, a handful of schedules, and a clock that does as it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="tfui-law-")
        self.store = a_fresh_file(Path(self.folder.name))
        self.clock = FrozenClock(NOON)
        self.stage = Stage(self.store, self.clock)
        self.engines: list[Engine] = []
        self.schedules: list[UUID] = []

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        for number, (kind, expression) in enumerate(TRIGGERS):
            row = {
                "name": f"s{number}",
                "schedule_type": kind,
                "schedule_expression": expression,
                "timezone": data.draw(st.sampled_from(["UTC", "Europe/Berlin"])),
                "on_missed": data.draw(st.sampled_from(["latest", "skip", "earliest", "all"])),
                "overlap": data.draw(
                    st.sampled_from(["skip", "buffer_one", "buffer_all", "cancel_running", "allow"])
                ),
                "max_runs": data.draw(st.sampled_from([None, None, 3])),
                "ends_at": data.draw(st.sampled_from([None, None, NOON + timedelta(hours=30)])),
                "jitter_seconds": data.draw(st.sampled_from([0, 0, 90])),
                "payload": data.draw(st.sampled_from([{}, {"outcome": "failed"}])),
                "max_catchup": 3,
            }
            schedule_id = self.stage.schedule(**row)
            after = accounting.next_run(self.stage.row(schedule_id), NOON)
            self.stage.change(schedule_id, next_run_at=after)
            self.schedules.append(schedule_id)
        self.start()
        self.start()

    def start(self) -> None:
        self.engines.append(self.stage.engine())

    @rule(span=SPANS, how=st.sampled_from(["advance", "advance", "advance", "sleep", "step"]))
    def time_passes(self, span: timedelta, how: str) -> None:
        getattr(self.clock, how)(span)

    @rule(seconds=st.integers(1, 7200))
    def the_clock_is_set_back(self, seconds: int) -> None:
        self.clock.step(-timedelta(seconds=seconds))

    @rule(which=st.integers(0, 1))
    def an_engine_turns_until_it_is_idle(self, which: int) -> None:
        self.stage.settle(self.engines[which])

    @rule()
    def both_turn_once(self) -> None:
        for engine in self.engines:
            engine.wake()
            engine.turn()

    @rule(which=st.integers(0, 1))
    def an_engine_vanishes_and_another_comes(self, which: int) -> None:
        vanished = self.engines.pop(which)
        self.stage.engines.remove(vanished)
        vanished._executor.close()
        self.start()

    @rule(which=st.integers(0, len(TRIGGERS) - 1))
    def somebody_runs_one_by_hand(self, which: int) -> None:
        schedule = self.stage.row(self.schedules[which])
        with suppress(Conflict), self.store.writing(by=ADA, now=self.clock.now()) as tx:
            firing.fire_now(tx, schedule)

    @rule(which=st.integers(0, len(TRIGGERS) - 1), minutes=st.integers(1, 90))
    def somebody_pauses_one_for_a_while(self, which: int, minutes: int) -> None:
        if self.stage.row(self.schedules[which]).status == "active":
            now = self.clock.now()
            until = now + timedelta(minutes=minutes)
            self.stage.change(
                self.schedules[which], status="paused", paused_at=now, paused_until=until
            )

    @precondition(lambda self: self.schedules)
    @rule(which=st.integers(0, len(TRIGGERS) - 1))
    def somebody_edits_one(self, which: int) -> None:
        schedule = self.stage.row(self.schedules[which])
        now = max(self.clock.now(), schedule.cursor_at)
        if schedule.status != "active" or schedule.schedule_type == "once":
            return
        with self.store.writing(by=ADA, now=now) as tx:
            accounting.account_until(tx, schedule, now, reason=SkipReason.SUPERSEDED)
        self.stage.change(
            schedule.id,
            effective_at=now,
            cursor_at=now,
            next_run_at=accounting.next_run(schedule, now),
        )

    @rule(which=st.integers(0, len(TRIGGERS) - 1), how=st.sampled_from(["latest", "all", "waive"]))
    def somebody_deals_with_what_one_missed(self, which: int, how: str) -> None:
        verbs = {"latest": missed.run_latest, "all": missed.run_all, "waive": missed.waive}
        verbs[how](self.stage.caller(), [self.schedules[which]], since=NOON)

    @rule(which=st.integers(0, len(TRIGGERS) - 1), share=st.integers(1, 100))
    def somebody_asks_for_one_that_did_not_run(self, which: int, share: int) -> None:
        schedule = self.stage.row(self.schedules[which])
        since = schedule.effective_at
        at = since + (schedule.cursor_at - since) * share / 100
        found = accounting.trigger_of(schedule).previous_before(at)
        if found is not None and found > since:
            with suppress(Conflict):
                missed.backfill(self.stage.caller(), schedule.id, found)

    @invariant()
    def the_law_holds(self) -> None:
        assert_the_law_holds(self.store)

    @invariant()
    def nothing_was_carried_out_twice_for_no_reason(self) -> None:
        carried_out = Counter((order.job_id, order.fence) for order in self.stage.puppet.orders)
        keys = Counter(
            (job.scheduled_job_id, job.nominal_at, job.kind) for job in self.stage.jobs()
        )

        assert set(carried_out.values()) <= {1}
        assert set(keys.values()) <= {1}

    @invariant()
    def runs_are_counted_as_jobs_were_made(self) -> None:
        made = Counter(
            job.scheduled_job_id for job in self.stage.jobs() if job.kind == JobKind.SCHEDULED
        )

        assert all(self.stage.row(found).runs_count == made[found] for found in self.schedules)

    @invariant()
    def what_is_planned_next_is_what_the_trigger_says(self) -> None:
        for schedule in map(self.stage.row, self.schedules):
            if schedule.status == "active":
                assert schedule.next_run_at == accounting.next_run(schedule, schedule.cursor_at)

    def teardown(self) -> None:
        self.stage.clear()
        self.store.close()
        self.folder.cleanup()


TestTheLaw = TheLaw.TestCase
TestTheLaw.settings = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
