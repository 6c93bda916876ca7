"""What can be done to many schedules at once: asked once, done in one act, told with the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tfui.core.words import counted
from tfui.ui import list_reading
from tfui.ui.plain import plain
from tfui.ui.screens.asking import CANCEL, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from textual.widget import Widget

    from tfui.service.bulk import Done
    from tfui.service.caller import Caller
    from tfui.ui.acts import Acts

_PAUSE = Answer("pause", "Pause", "ask.yes")
_RESUME = Answer("resume", "Resume", "ask.resume")


class BulkActs:
    """The bulk acts of one view; each gives whether it was done."""

    def __init__(self, owner: Widget, acts: Acts) -> None:
        self._owner = owner
        self._acts = acts

    async def pause_or_resume(self, ids: Sequence[UUID]) -> bool:
        """Pause them; resume them when all are paused; ask which when only some are."""
        paused = await self._acts.ask(lambda caller: list_reading.count_paused(caller, ids))
        if paused is None:
            return False
        if not paused:
            answer = await self._ask("Pause", ids, [_PAUSE])
        elif paused == len(ids):
            answer = await self._ask("Resume", ids, [replace(_RESUME, action="ask.yes")])
        else:
            note = f"{paused:,} of them {'is' if paused == 1 else 'are'} paused now."
            answer = await self._ask("Pause or resume", ids, [_PAUSE, _RESUME], note)
        if answer == _RESUME.gives:
            return await self._do(lambda caller: _bulk("resume", caller, ids), "Resumed")
        return answer == _PAUSE.gives and await self._do(
            lambda caller: _bulk("pause", caller, ids), "Paused"
        )

    async def run_now(self, ids: Sequence[UUID]) -> bool:
        """Start a run of each by hand."""
        answer = await self._ask("Run", ids, [Answer("run", "Run now", "ask.yes")])
        return answer == "run" and await self._do(
            lambda caller: _bulk("run_now", caller, ids), "Started", undo=False
        )

    async def delete(self, ids: Sequence[UUID]) -> bool:
        """Delete; undo brings all of them back."""
        note = f"They will not start again. {self._acts.way_back_words('brings them back')}"
        grave = Answer("delete", "Delete", "ask.yes", is_grave=True)
        answer = await self._ask("Delete", ids, [grave], note)
        if answer != "delete" or not await self._acts.take_away(ids, _count(len(ids))):
            return False
        self._acts.say(f"Deleted {_count(len(ids))}", undo=True)
        return True

    async def move(self, ids: Sequence[UUID]) -> bool:
        """Choose a queue and move them there."""
        queue = await self._choose(
            f"Move {_count(len(ids))} to the queue", list_reading.queue_names
        )
        if queue is None or not await self._is_sure(f"Move to {plain(queue)}", ids):
            return False
        return await self._do(lambda caller: _bulk("move", caller, ids, queue), "Moved")

    async def set_zone(self, ids: Sequence[UUID]) -> bool:
        """Choose a time zone and have them read its clock."""
        zone = await self._choose(f"Time zone of {_count(len(ids))}", list_reading.zone_names)
        if zone is None or not await self._is_sure(f"Set {plain(zone)} for", ids):
            return False
        return await self._do(
            lambda caller: _bulk("set_zone", caller, ids, zone), "Set the zone of"
        )

    async def _is_sure(self, verb: str, ids: Sequence[UUID]) -> bool:
        """Ask about more than one; one that was chosen a moment ago needs no second question."""
        if len(ids) == 1:
            return True
        return await self._ask(verb, ids, [Answer("go", "Go on", "ask.yes")]) == "go"

    async def _ask(
        self, verb: str, ids: Sequence[UUID], answers: Sequence[Answer], note: str = ""
    ) -> str:
        from tfui.ui.screens.bulk_asking import NAMED, BulkAsk

        rows = await self._acts.ask(lambda caller: list_reading.rows(caller, ids[:NAMED]))
        if rows is None:
            return CANCEL
        names = [row.name for row in rows]
        asked = BulkAsk(f"{verb} {_count(len(ids))}?", names, len(ids), answers, note)
        return await self._owner.app.push_screen_wait(asked)

    async def _choose(self, title: str, read: Callable[[Caller], list[str]]) -> str | None:
        from tfui.ui.screens.choosing import ChooseScreen

        names = await self._acts.ask(read)
        if names is None:
            return None
        return await self._owner.app.push_screen_wait(ChooseScreen(title, names))

    async def _do(self, does: Callable[[Caller], Done], said: str, *, undo: bool = True) -> bool:
        done = await self._acts.perform(does)
        if done is None:
            return False
        passed = ""
        if done.passed:
            named = ", ".join(plain(name) for name in done.passed[:3])
            more = len(done.passed) - 3
            passed = f" · passed over {named}" + (f" and {more:,} more" if more > 0 else "")
        self._acts.say(f"{said} {_count(done.count)}{passed}", undo=undo and done.count > 0)
        return True


def _count(count: int) -> str:
    return counted(count, "schedule")


def _bulk(verb: str, caller: Caller, ids: Sequence[UUID], *more: str) -> Done:
    """Do one of the service's bulk verbs; it is imported in the thread that does it."""
    from tfui.service import bulk

    done: Done = getattr(bulk, verb)(caller, ids, *more)
    return done
