"""A test run: what a draft would do, done once, here and now. No schedule, job or ledger hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from tfui.core.rights import Right
from tfui.errors import Forbidden
from tfui.runners.order import JobOrder
from tfui.service import drafts

if TYPE_CHECKING:
    from tfui.model.schedule import ScheduleDraft
    from tfui.runners.order import Outcome, Runner, Sink, Stop
    from tfui.service.caller import Caller


@dataclass(frozen=True, slots=True)
class Trial:
    """A test run that may begin."""

    runner: Runner
    order: JobOrder

    def run(self, sink: Sink, stop: Stop) -> Outcome:
        """Carry it out in the calling thread; blocks until it has ended, and raises nothing."""
        return self.runner.run(self.order, sink, stop)


def prepare(caller: Caller, draft: ScheduleDraft) -> Trial:
    """Make ready to run a draft's job, with its environment and timeout, as its first attempt.

    Whoever may run a schedule may do this. Raises Forbidden, and Invalid for a payload that its
    runner refuses.
    """
    caller.require(Right.JOB_RUN)
    if (reason := caller.why_read_only) is not None:
        raise Forbidden(f"nothing may be run: {reason}")
    runner = drafts.catalog().runner(draft.job_type)
    runner.validate(draft.payload)
    job_id, now = uuid4(), caller.now()
    key = f"test/{job_id.hex}"
    order = JobOrder(
        job_id=job_id,
        job_type=draft.job_type,
        payload=draft.payload,
        attempt=1,
        fence=1,
        schedule=draft.name,
        occurrence_key=key,
        nominal_at=now,
        timeout=draft.timeout,
        environment={
            "TFUI_OCCURRENCE_KEY": key,
            "TFUI_NOMINAL_AT": now.isoformat(),
            "TFUI_ATTEMPT": "1",
            "TFUI_SCHEDULE": draft.name,
        },
    )
    return Trial(runner, order)
