"""Test runs: what a draft would do, done once, and known to nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tfui.core.rights import Role
from tfui.core.states import AttemptOutcome
from tfui.errors import Forbidden, Invalid
from tfui.model.schedule import ScheduleDraft
from tfui.runners.capture import OutputBuffer
from tfui.runners.order import Stop
from tfui.service import jobs, journal, trying
from tfui.service.caller import local_caller

if TYPE_CHECKING:
    from tfui.clock import FrozenClock
    from tfui.runners.order import Outcome
    from tfui.service.caller import Caller
    from tfui.store.connection import Store

HELLO = ScheduleDraft(
    name="hello",
    schedule_type="cron",
    schedule_expression="",
    job_type="shell",
    payload={"command": 'echo "$TFUI_SCHEDULE $TFUI_ATTEMPT $NAME"', "env": {"NAME": "ada"}},
)


@pytest.fixture
def caller(sqlite_store: Store, clock: FrozenClock) -> Caller:
    return local_caller(sqlite_store, clock, via="tui")


def _run(caller: Caller, draft: ScheduleDraft) -> tuple[Outcome, str]:
    output = OutputBuffer(caller.now)
    outcome = trying.prepare(caller, draft).run(output, Stop())
    output.close()
    return outcome, "".join(chunk.text for chunk in output.drain().chunks)


def test_a_draft_is_run_with_its_environment_although_it_was_never_saved(caller: Caller) -> None:
    before = len(journal.entries(caller))
    outcome, printed = _run(caller, HELLO)

    assert outcome.outcome is AttemptOutcome.SUCCEEDED
    assert printed == "hello 1 ada\n"
    assert jobs.listing(caller) == []
    assert len(journal.entries(caller)) == before


def test_its_timeout_ends_it(caller: Caller) -> None:
    slow = replace(HELLO, payload={"command": "sleep 60"}, timeout=timedelta(milliseconds=100))

    assert _run(caller, slow)[0].outcome is AttemptOutcome.TIMED_OUT


def test_a_payload_that_its_runner_refuses_is_refused_by_field(caller: Caller) -> None:
    with pytest.raises(Invalid) as refused:
        trying.prepare(caller, replace(HELLO, payload={}))

    assert list(refused.value.fields) == ["payload.command"]


def test_whoever_may_not_run_jobs_may_not_try_one(caller: Caller) -> None:
    with pytest.raises(Forbidden, match="lacks the right job:run"):
        trying.prepare(replace(caller, role=Role.VIEWER), HELLO)
    with pytest.raises(Forbidden, match="read-only"):
        trying.prepare(replace(caller, is_barred=True), HELLO)
