"""What can be done to queues: pausing, letting go again, how many at once, how many a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.ui import spans
from tfui.ui.plain import plain
from tfui.ui.screens.numbering import NumberScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo

    from textual.widget import Widget

    from tfui.model.queue import QueueRow, RateRow
    from tfui.service.caller import Caller
    from tfui.ui.acts import Acts
    from tfui.ui.office import Office

EVERY_TYPE = "every other type"


class QueueActs:
    """The acts of one view; each says what it did and how it is taken back."""

    def __init__(self, owner: Widget, office: Office, acts: Acts) -> None:
        self._owner = owner
        self._office = office
        self._acts = acts

    async def pause_or_resume(self, queue: QueueRow) -> None:
        """Pause an open queue, open a paused one."""

        def turn(caller: Caller) -> QueueRow:
            from tfui.service import queues

            if queue.paused_at is None:
                return queues.pause(caller, queue.name)
            return queues.resume(caller, queue.name)

        done = "Paused" if queue.paused_at is None else "Opened"
        await self._do(turn, f"{done} the queue {plain(queue.name)}")

    async def pause_until(self, queue: QueueRow, zone: tzinfo | None) -> None:
        """Ask for an end and a note, then pause."""
        from tfui.ui.screens.pausing import PauseScreen

        now = self._office.clock.now()
        title = f"the queue {queue.name}"
        asked = PauseScreen(title, timezone="UTC", zone=zone, now=now)
        pause = await self._owner.app.push_screen_wait(asked)
        if pause is None:
            return

        def hold(caller: Caller) -> QueueRow:
            from tfui.service import queues

            return queues.pause(caller, queue.name, note=pause.note, until=pause.until)

        until = f" until {spans.moment(pause.until, zone, now)}" if pause.until else ""
        await self._do(hold, f"Paused the queue {plain(queue.name)}{until}")

    async def set_concurrency(self, queue: QueueRow) -> None:
        """Ask how many of its jobs may run at once."""
        from tfui.service.queues import MOST_AT_ONCE

        asked = NumberScreen(
            f"How many jobs of {plain(queue.name)} run at once?",
            value=queue.concurrency,
            most=MOST_AT_ONCE,
            means="at once, over all engines",
            none="as many as the engines have seats",
        )
        found = await self._owner.app.push_screen_wait(asked)
        if found is None or found.value == queue.concurrency:
            return

        def edit(caller: Caller) -> QueueRow:
            from tfui.service import queues

            return queues.edit(caller, queue.name, concurrency=found.value)

        most = "the seats decide" if found.value is None else f"{found.value:,} at once"
        await self._do(edit, f"The queue {plain(queue.name)}: {most}")

    async def set_limit(self, queue: QueueRow) -> None:
        """Ask for a job type and how many of it may start in any minute."""
        from tfui.service import queues, rates
        from tfui.service.rates import MOST_PER_MINUTE

        def look(caller: Caller) -> tuple[list[str], list[RateRow]]:
            return queues.job_types(caller, queue.id), rates.limits(caller)

        found = await self._acts.ask(look)
        if found is None:
            return
        types, limits = found
        own = {limit.job_type: limit.per_minute for limit in limits}
        job_type = await self._ask_type(types, own)
        if job_type == "":
            return
        present = own.get(job_type)
        asked = NumberScreen(
            f"How many jobs of {job_type or EVERY_TYPE} start in a minute?",
            value=present,
            most=MOST_PER_MINUTE,
            means="in any 60 seconds, over all queues and engines",
            none="no limit of its own" if job_type else "no limit",
        )
        number = await self._owner.app.push_screen_wait(asked)
        if number is None or number.value == present:
            return

        def limit(caller: Caller) -> object:
            return rates.set_limit(caller, job_type, number.value)

        most = "no limit" if number.value is None else f"{number.value:,} a minute"
        await self._do(limit, f"{plain(job_type or EVERY_TYPE)}: {most}")

    async def _ask_type(self, types: Sequence[str], own: dict[str | None, int]) -> str | None:
        """Ask for a job type; None is every other, and an empty text none at all."""
        from tfui.ui.screens.choosing import ChooseScreen

        names = [*types, EVERY_TYPE]
        texts = [
            f"{own[name]:,} a minute" if name in own else "no limit" for name in (*types, None)
        ]
        asked = ChooseScreen("Limit the starts of which job type?", names, texts=texts)
        chosen = await self._owner.app.push_screen_wait(asked)
        if chosen is None:
            return ""
        return None if chosen == EVERY_TYPE else chosen

    async def _do(self, does: Callable[[Caller], object], said: str) -> None:
        if await self._acts.perform(does) is not None:
            self._acts.say(said, undo=True)
