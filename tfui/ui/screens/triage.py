"""Dealing with missed runs: what each schedule missed, and one key to run or waive it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tfui.core.words import counted, unplanned
from tfui.ui.acts import Acts
from tfui.ui.key_map import key_map_of
from tfui.ui.keys import BY_ID, Where, bindings, closing
from tfui.ui.missed_words import dealt_words, left_words, runs_words
from tfui.ui.plain import plain, to_ascii
from tfui.ui.screens.asking import GO, confirmation
from tfui.ui.screens.dialog import Dialog
from tfui.ui.widgets.missed_list import MissedList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.model.missed import MissedRow, TriageRow
    from tfui.service.caller import Caller
    from tfui.ui.office import Office

MANY = 20
"""Runs that are not started without asking once more."""

_OF_ALL = ("missed.latest.all", "missed.all.all", "missed.waive.all")
_HINTS = ("missed.latest", "missed.all", "missed.waive", "missed.mark")


class TriageScreen(Dialog[None]):
    """Lists what nobody has dealt with; small letters are for the chosen ones, capitals for all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *closing(),
        *bindings(Where.TRIAGE),
    ]

    def __init__(
        self,
        office: Office,
        *,
        acted: Callable[[], object],
        why_not: str | None,
        ascii: bool,  # noqa: A002  # the option's name
    ) -> None:
        """`acted` is called after each act: what lies below shows what it changed."""
        super().__init__()
        self._zones = office.zones
        self._acts = Acts(self, office, done=acted)
        self._why_not = why_not
        self._ascii = ascii

    def compose(self) -> ComposeResult:
        """Lay out the list over the note and the keys."""
        zones, ascii_only = self._zones, self._ascii
        with Vertical(classes="dialog", id="triage"):
            yield Static("", classes="dialog-title", id="triage-title", markup=False)
            yield MissedList(zones, ascii=ascii_only, id="triage-list")
            yield Static("", id="triage-left", markup=False)
            yield Static("", id="triage-unplanned", markup=False)
            yield Static("note of a waiver", classes="dialog-label", markup=False)
            yield Input(placeholder="optional", compact=True, id="triage-note")
            yield Static("", classes="dialog-hint", id="triage-hint", markup=False)

    def on_mount(self) -> None:
        """Read what was missed."""
        self.query_one(Input).cursor_blink = False
        self._hint()
        self._read()

    @property
    def _list(self) -> MissedList:
        return self.query_one(MissedList)

    @work(group="triage")
    async def _read(self) -> None:
        await self._reread()

    async def _reread(self) -> None:
        found = await self._acts.ask(_listing)
        if found is not None:
            self._show(*found)

    def _show(self, rows: Sequence[MissedRow], due: int) -> None:
        runs = runs_words(sum(row.count for row in rows))
        schedules = counted(len(rows), "schedule")
        title = f"{schedules} missed {runs} in the last 7 days"
        self.query_one("#triage-title", Static).update(
            title if rows else "Nothing was missed that nobody has dealt with"
        )
        line = self.query_one("#triage-unplanned", Static)
        line.update(self._drawn(unplanned(due)))
        line.display = due > 0
        self._list.display = bool(rows)
        self._list.show(rows)
        if rows and self.focused is None:
            self._list.focus()

    def _hint(self) -> None:
        keys = key_map_of(self)
        close = f"{keys.name('dialog.close')} close"
        parts = [f"{keys.name(name, ascii=self._ascii)} {BY_ID[name].word}" for name in _HINTS]
        of_all = " ".join(keys.name(name, ascii=self._ascii) for name in _OF_ALL)
        said = "  ".join([*parts, f"{of_all} of all", close])
        if self._why_not is not None:
            said = f"{plain(self._why_not)}   {close}"
        self.query_one("#triage-hint", Static).update(self._drawn(said))

    def action_mark(self) -> None:
        """Mark the schedule under the cursor."""
        self._list.mark()

    def action_run_latest(self, scope: str) -> None:
        """Run the newest of each; waive the others."""
        from tfui.service import missed

        ids = self._ids(scope)
        if ids:
            self._deal(lambda caller: missed.run_latest(caller, ids), runs=len(ids))

    def action_run_all(self, scope: str) -> None:
        """Run them, as many as each may catch up."""
        from tfui.service import missed

        ids = self._ids(scope)
        chosen = [row for row in self._list.rows if row.schedule_id in ids]
        runs = sum(min(row.count, row.max_catchup) for row in chosen)
        if ids:
            self._deal(lambda caller: missed.run_all(caller, ids), runs=runs)

    def action_waive(self, scope: str) -> None:
        """Say that they need nothing more."""
        from tfui.service import missed

        ids, note = self._ids(scope), self.query_one(Input).value
        if ids:
            self._deal(lambda caller: missed.waive(caller, ids, note=note), runs=0)

    def _ids(self, scope: str) -> list[UUID]:
        if scope == "all":
            return [row.schedule_id for row in self._list.rows]
        return self._list.chosen

    @work(group="dialog")
    async def _deal(self, does: Callable[[Caller], list[TriageRow]], *, runs: int) -> None:
        if self._why_not is not None:
            self.notify(self._why_not, severity="warning", timeout=4, markup=False)
            return
        if runs > MANY:
            body = "They start as overlap rules, queues and rate limits let them."
            asked = confirmation(f"Start {runs_words(runs)}?", body, "Start them")
            if await self.app.push_screen_wait(asked) != GO:
                return
        dealt = await self._acts.perform(does)
        if dealt is None:
            return
        can_undo = any(row.waived and not row.job_ids for row in dealt)
        self._acts.say(f"Missed runs: {dealt_words(dealt)}", undo=can_undo)
        left = self.query_one("#triage-left", Static)
        left.update(self._drawn(left_words(dealt)))
        left.display = bool(left_words(dealt))
        await self._reread()
        if not self._list.rows:
            self.dismiss(None)

    @on(Input.Submitted)
    def _noted(self, event: Input.Submitted) -> None:
        event.stop()
        self._list.focus()

    def _drawn(self, text: str) -> Content:
        return Content(to_ascii(text) if self._ascii else text)


def _listing(caller: Caller) -> tuple[list[MissedRow], int]:
    from tfui.service import missed

    return missed.listing(caller), missed.unplanned(caller)
