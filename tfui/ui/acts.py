"""What can be done to schedules from the list.

Each act asks if it must, calls the service in a thread, and says what happened with the way back.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tfui.core.states import LIVE_JOBS, ScheduleStatus
from tfui.errors import TfuiError
from tfui.ui import deleting, spans
from tfui.ui.key_map import key_map_of
from tfui.ui.plain import plain
from tfui.ui.screens.asking import CANCEL, GO, confirmation

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from datetime import datetime, tzinfo
    from typing import Literal
    from uuid import UUID

    from textual.widget import Widget

    from tfui.core.explanation import Explanation
    from tfui.core.parent_text import Parent
    from tfui.model.schedule import ScheduleDraft, ScheduleRow
    from tfui.service.caller import Caller
    from tfui.service.undoing import Turn
    from tfui.ui.merging import Version
    from tfui.ui.office import Office

T = TypeVar("T")
_TOAST = 3.0  # seconds
_LONG_TOAST = 8.0
_PATIENCE = 1.0
_LONG = 80
"""Characters from which on a toast stays longer."""


class Acts:
    """The acts of one view; `done` is called after each that changed something."""

    def __init__(self, owner: Widget, office: Office, *, done: Callable[[], object]) -> None:
        self._owner = owner
        self._office = office
        self._done = done

    async def pause_or_resume(self, row: ScheduleRow) -> None:
        """Pause an active schedule, resume any other."""
        if row.status is ScheduleStatus.ACTIVE:
            await self._do(
                lambda schedules, caller: schedules.pause(caller, [row.id]),
                f"Paused {plain(row.name)}",
            )
        else:
            await self._do(
                lambda schedules, caller: schedules.resume(caller, [row.id]),
                f"Resumed {plain(row.name)}",
            )

    async def pause_until(self, row: ScheduleRow, zone: tzinfo | None) -> None:
        """Ask for an end and a note, then pause."""
        from tfui.ui.screens.pausing import PauseScreen

        now = self._office.clock.now()
        asked = PauseScreen(row.name, timezone=row.timezone, zone=zone, now=now)
        pause = await self._owner.app.push_screen_wait(asked)
        if pause is None:
            return
        until = f" until {spans.moment(pause.until, zone, now)}" if pause.until else ""
        await self._do(
            lambda schedules, caller: schedules.pause(
                caller, [row.id], note=pause.note, until=pause.until
            ),
            f"Paused {plain(row.name)}{until}",
        )

    async def run_now(self, row: ScheduleRow) -> None:
        """Start a run by hand; it passes the same overlap gate as any other."""
        await self._do(
            lambda schedules, caller: schedules.run_now(caller, row.id),
            f"Started {plain(row.name)}",
            undo=False,
        )

    async def cancel(self, row: ScheduleRow) -> None:
        """Cancel the schedule's live jobs, after asking."""
        body = "Running processes are told to stop, and killed ten seconds later."
        asked = confirmation(f"Cancel the jobs of {plain(row.name)}?", body, "Cancel jobs")
        if await self._owner.app.push_screen_wait(asked) != GO:
            return

        def cancel(caller: Caller) -> int:
            from tfui.service import jobs

            live = [
                job.id
                for job in jobs.listing(caller, schedule_id=row.id, limit=200)
                if job.status in LIVE_JOBS
            ]
            jobs.cancel(caller, live)
            return len(live)

        count = await self.perform(cancel)
        if count is not None:
            jobs = "1 job" if count == 1 else f"{count} jobs"
            self.say(f"Cancelled {jobs} of {plain(row.name)}")

    async def delete(self, row: ScheduleRow) -> None:
        """Delete a schedule, after asking; undo brings it back."""
        live = "\nIts job that is under way goes on to its end." if row.live else ""
        asked = confirmation(
            f"Delete {plain(row.name)}?",
            f"It will not start again. Its history is kept, and {self.way_back_words('brings it back')}{live}",
            "Delete",
        )
        if await self._owner.app.push_screen_wait(asked) == GO and await self.take_away(
            [row.id], row.name
        ):
            self.say(f"Deleted {plain(row.name)}", undo=True)

    async def take_away(self, ids: Sequence[UUID], words: str) -> bool:
        """Delete schedules, which `words` names; where others come after them, ask about those."""
        children: Literal["detach", "delete"] | None = None
        # Asked again where somebody has come to come after them meanwhile.
        while left := await self._told(
            self.ask(partial(deleting.delete, ids=ids, children=children))
        ):
            answer = await self._owner.app.push_screen_wait(deleting.question(words, ids, left))
            if answer == CANCEL:
                return False
            children = deleting.DETACH if answer == deleting.DETACH else deleting.DELETE
        if left is None:
            return False
        self._done()
        return True

    async def undo(self) -> None:
        """Take one's own last change back."""

        def undo(caller: Caller) -> Turn:
            from tfui.service import journal

            return journal.undo(caller)

        turn = await self.perform(undo)
        if turn is not None:
            self.say(f"Undid: {_turn_words(turn)} · {self._key('redo')} redo")

    async def redo(self) -> None:
        """Do again what one has undone last."""

        def redo(caller: Caller) -> Turn:
            from tfui.service import journal

            return journal.redo(caller)

        turn = await self.perform(redo)
        if turn is not None:
            self.say(f"Redid: {_turn_words(turn)}", undo=True)

    async def inspect(
        self,
        schedule_id: UUID,
        at: datetime | None,
        zone: tzinfo | None,
        *,
        ascii: bool,  # noqa: A002  # the option's name
    ) -> None:
        """Explain what became of an instant, or what a schedule waits for now."""
        from tfui.ui.screens.inspecting import InspectScreen

        def explain(caller: Caller) -> Explanation:
            from tfui.service import ledger

            return ledger.explain(caller, schedule_id, at=at)

        async def ask() -> Explanation | None:
            return await self.ask(explain)

        found = await ask()
        if found is not None:
            clock = self._office.clock
            dialog = InspectScreen(found, ask, clock=clock, zone=zone, ascii=ascii)
            await self._owner.app.push_screen_wait(dialog)

    async def add(
        self, draft: ScheduleDraft | None = None, *, after: Sequence[Parent] = ()
    ) -> UUID | None:
        """Open the editor on a blank schedule, or on a beginning; give the one that was saved."""
        from tfui.ui.screens.editor import EditorScreen

        saved = await self._owner.app.push_screen_wait(EditorScreen(draft, after=tuple(after)))
        self._done()  # a draft may be gone, though nothing was saved
        if saved is not None:
            self.say("Saved the new schedule", undo=True)
        return saved

    async def edit(self, row: ScheduleRow) -> None:
        """Open the editor on a schedule as it is stored now."""

        def draft(caller: Caller) -> ScheduleDraft:
            from tfui.service import schedules

            return schedules.draft(caller, row.id)

        found = await self.ask(draft)
        if found is None:
            return
        from tfui.ui.screens.editor import EditorScreen

        editor = EditorScreen(draft=found, schedule_id=row.id, revision=row.revision)
        if await self._owner.app.push_screen_wait(editor) is not None:
            self.say(f"Saved {plain(row.name)}", undo=True)
        self._done()

    async def go_on(
        self, schedule_id: UUID, revision: int, stored: Version, wanted: Version
    ) -> None:
        """Open the editor on what was wanted of a schedule that somebody has changed meanwhile."""
        from tfui.ui.screens.editor import EditorScreen

        editor = EditorScreen(stored.draft, schedule_id, revision, typed=(stored, wanted))
        self.say("Somebody changed it meanwhile; saving shows both sides")
        await self._owner.app.push_screen_wait(editor)
        self._done()

    async def import_crontab(self, timezone: str, path: str = "") -> None:
        """Ask for a crontab (or begin with one), show what it would bring, and import it."""
        from tfui.ui.screens.importing import ImportScreen

        count = await self._owner.app.push_screen_wait(ImportScreen(timezone, path))
        if count:
            self._done()
            schedules = "1 schedule" if count == 1 else f"{count} schedules"
            self.say(f"Imported {schedules}", undo=True)

    def tell_changed(self, text: str) -> None:
        """Say what was done elsewhere, with the way back, and read again."""
        self._done()
        self.say(text, undo=True)

    async def perform(self, does: Callable[[Caller], T]) -> T | None:
        """Run an act in a thread; None, and a toast with the reason, when it was refused."""
        found = await self._told(self.ask(does))
        if found is not None:
            self._done()
        return found

    async def ask(self, does: Callable[[Caller], T]) -> T | None:
        """Read something in a thread; None, and a toast with the reason, when it was refused."""
        try:
            return await asyncio.to_thread(lambda: does(self._office.caller))
        except TfuiError as refused:
            self._owner.notify(str(refused), severity="error", timeout=8, markup=False)
            return None

    async def _told(self, act: Coroutine[object, object, T]) -> T:
        """Say that an act is at work for as long as it takes long; the last word stays a moment."""
        work = asyncio.ensure_future(act)
        while not (await asyncio.wait({work}, timeout=_PATIENCE))[0]:
            self._owner.notify("Still at work …", timeout=_PATIENCE, markup=False)
        return await work

    async def _do(
        self,
        does: Callable[..., object],
        said: str,
        *,
        undo: bool = True,
    ) -> None:
        def act(caller: Caller) -> bool:
            from tfui.service import schedules

            does(schedules, caller)
            return True

        if await self.perform(act):
            self.say(said, undo=undo)

    def _key(self, action: str) -> str:
        return key_map_of(self._owner).name(action)

    def say(self, text: str, *, undo: bool = False) -> None:
        """Tell what was done, with the way back if there is one."""
        way_back = f" · {self._key('undo')} undo" if undo else ""
        timeout = _TOAST if len(text) < _LONG else _LONG_TOAST
        self._owner.notify(f"{text}{way_back}", timeout=timeout, markup=False)

    def way_back_words(self, what: str) -> str:
        """Say what the key of undo does."""
        return f"{self._key('undo')} {what}."


def _turn_words(turn: Turn) -> str:
    """Say what an undo or redo came to, and what it passed over."""
    left = f" · left as it is: {turn.left_words}" if turn.left_words else ""
    return plain(f"{turn.words}{left}")
