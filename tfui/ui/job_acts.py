"""What can be done to single jobs: cancel what runs or waits, try again what failed or was cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.states import JobStatus
from tfui.ui.plain import plain
from tfui.ui.screens.asking import GO, confirmation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.widget import Widget

    from tfui.model.job import JobRow
    from tfui.service.caller import Caller
    from tfui.ui.acts import Acts

AGAIN = frozenset({JobStatus.FAILED, JobStatus.CANCELLED})
"""Jobs that can be tried again."""

_NAMED = 3


class JobActs:
    """The acts of one view on jobs."""

    def __init__(self, owner: Widget, acts: Acts) -> None:
        self._owner = owner
        self._acts = acts

    async def cancel(self, jobs: Sequence[JobRow]) -> bool:
        """Cancel jobs, after asking; give whether that was done."""
        body = "Running processes are told to stop, and killed ten seconds later."
        asked = confirmation(f"Cancel {_named(jobs)}?", body, "Cancel jobs")
        if await self._owner.app.push_screen_wait(asked) != GO:
            return False

        def cancel(caller: Caller) -> int:
            from tfui.service import jobs as service

            return len(service.cancel(caller, [job.id for job in jobs]))

        return self._say("Cancelled", await self._acts.perform(cancel), jobs)

    async def retry(self, jobs: Sequence[JobRow]) -> bool:
        """Put jobs back into their queues, to start now; asks when there are several."""
        if len(jobs) > 1:
            body = "Each goes back into its queue and starts as soon as there is room."
            asked = confirmation(f"Try {_named(jobs)} again?", body, "Try again")
            if await self._owner.app.push_screen_wait(asked) != GO:
                return False

        def retry(caller: Caller) -> int:
            from tfui.service import jobs as service

            return len(service.retry(caller, [job.id for job in jobs]))

        return self._say("Trying again:", await self._acts.perform(retry), jobs)

    def _say(self, did: str, count: int | None, jobs: Sequence[JobRow]) -> bool:
        if not count:
            return False
        what = _named(jobs) if count == len(jobs) else f"{count} of {len(jobs)} jobs"
        self._acts.say(f"{did} {what}")
        return True


def _named(jobs: Sequence[JobRow]) -> str:
    """Count jobs, and name the first few."""
    names = list(dict.fromkeys(plain(job.schedule or job.job_type) for job in jobs))
    some = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    return f"the job of {some}" if len(jobs) == 1 else f"{len(jobs)} jobs of {some}"
