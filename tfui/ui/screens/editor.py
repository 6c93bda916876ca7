"""The schedule editor: a form beside its live preview, saved through the service in one step.

The screen coordinates. What the fields mean is read by the sheet, what a trigger does is worked out
by the outlook at each keystroke, and what the store would refuse is asked for in a thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Button

from tfui.core.words import counted
from tfui.errors import Invalid
from tfui.ui import keys
from tfui.ui.keys import Where
from tfui.ui.office import office_of
from tfui.ui.parts import is_here
from tfui.ui.reading import Reader
from tfui.ui.screens import editor_saving
from tfui.ui.screens.asking import Answer, Ask
from tfui.ui.screens.editor_foresight import TIMING, Foresight
from tfui.ui.screens.editor_storing import EditorStoring
from tfui.ui.screens.editor_text import EditorText
from tfui.ui.screens.editor_trying import EditorTrying
from tfui.ui.widgets import editor_sheet
from tfui.ui.widgets.editor_foresight import minute
from tfui.ui.widgets.editor_form import Form
from tfui.ui.widgets.editor_spec import AFTER, FORM, JSON, MODE

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.timer import Timer

    from tfui.ui.screens.editor_saving import Background, Verdict

_LEAVING = (
    Answer("keep", "Keep editing", "unsaved.keep"),
    Answer("save", "Save", "unsaved.save"),
    Answer("discard", "Discard", "unsaved.discard", is_grave=True),
)
_REST = 0.25  # seconds without a keystroke after which the store is asked


class EditorScreen(EditorStoring, EditorTrying, EditorText):
    """Adds or edits one schedule. Gives the id of what was saved, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings(Where.EDITOR),
        # With priority, since a letter typed or pasted right behind a tab would otherwise still go
        # to the field before.
        Binding("tab", "app.focus_next", "next field", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", "previous field", show=False, priority=True),
    ]

    _rest: Timer | None = None

    def on_mount(self) -> None:
        """Show the first preview and fetch what only the store knows."""
        self._checks: Reader[Verdict] = Reader(
            self, "editor-check", then=self._take_verdict, failed=self._say_trouble
        )
        self._foresight = Foresight(self, told=self._show_foresight)
        if office_of(self).is_open:
            caller, schedule_id = office_of(self).caller, self._sitting.schedule_id
            known: Reader[Background] = Reader(
                self, "editor-background", then=self._take_background, failed=self._say_trouble
            )
            # What is typed before what is stored has come would replace it unseen.
            self._form.hold(AFTER, is_held=not self._sitting.parents.is_known)
            known.ask(lambda: editor_saving.read_background(caller, schedule_id))
        self.set_interval(1, self._look_again)
        self._read()
        self._ask_store()
        self._begin_keeping()

    # Reading what is typed

    @on(Form.Edited)
    def _follow(self, event: Form.Edited) -> None:
        event.stop()
        self._touched.add(event.key)
        self._sitting.doubt(event.key)
        with self.app.batch_update():
            if event.key in {MODE, "job_type"}:
                self._turn(event.key)
            self._read()
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(_REST, self._ask_store)

    def _turn(self, key: str) -> None:
        """Write the payload anew for another job type or another way to edit it."""
        turn = editor_sheet.turn_payload if key == MODE else editor_sheet.turn_job_type
        texts = self._form.texts
        try:
            self._form.fill(turn(texts, base=self._sitting.base))
        except Invalid as bad:
            self._form.fill({**texts, MODE: FORM if texts[MODE] == JSON else JSON})
            self._sitting.refuse_here(bad.fields)

    def _read(self) -> None:
        sitting = self._sitting
        outlook = sitting.read(self._form.texts, self._now())
        if outlook is None:
            self._preview.doubt()
        else:
            self._preview.show(outlook)
            if sitting.is_edit:
                self._preview.tell(sitting.changes, sitting.shift(outlook))
        self._show_state()

    def _look_again(self) -> None:
        """Let the relative times go on."""
        if not is_here(self):
            return
        shown, now = self._preview.outlook, self._now()
        if shown is None or shown.now == now or self._preview.is_stale or not self.is_current:
            return
        try:
            self._preview.show(self._sitting.look(now))
        except Invalid:
            self._read()  # a once whose time has come is past now

    # What the store knows

    def _ask_store(self) -> None:
        sitting = self._sitting
        if not office_of(self).is_open:
            return
        caller, draft, schedule_id = office_of(self).caller, sitting.draft, sitting.schedule_id
        if not TIMING.intersection(sitting.problems):
            self._foresight.ask(caller, draft, schedule_id)
        if sitting.problems:
            return
        wanted = sitting.parents.wanted
        self._checks.ask(lambda: editor_saving.check(caller, draft, schedule_id, wanted))

    def _take_verdict(self, verdict: Verdict) -> None:
        sitting = self._sitting
        if (verdict.draft, verdict.parents) == (sitting.draft, sitting.parents.wanted):
            self._preview.warn(verdict.warnings)
            self._refuse(verdict.problems)

    def _show_foresight(self) -> None:
        sitting = self._sitting
        found = None if TIMING.intersection(sitting.problems) else self._foresight.latest
        self._preview.foresee(found, sitting.draft.timezone)
        quieter = None if found is None else found.quieter
        self._buttons["quieter"].display = quieter is not None
        if quieter is not None:
            self._label("quieter", f"to {minute(quieter)}")

    def _take_background(self, known: Background) -> None:
        self._sitting.created_at = known.created_at
        self._sitting.anchor_at = known.anchor_at
        self._sitting.learn_parents(known.parents)
        self._form.put(AFTER, self._sitting.texts[AFTER])
        self._form.hold(AFTER, is_held=False)
        self._form.zones.known = known.zones
        self._form.queues.known = known.queues
        self._form.offer_job_types(known.job_types)
        self._read()

    # Leaving

    @on(Button.Pressed, "#editor-close")
    @work(group="editor-close", exclusive=True)
    async def action_close(self) -> None:
        """End a test run, or else close what it printed, or else the editor; asks when unsaved."""
        if not self._leave_trial() and await self.may_close():
            self.dismiss(None)

    async def may_close(self) -> bool:
        """Ask what to do with unsaved work; False means stay."""
        sitting = self._sitting
        if not sitting.is_dirty:
            self._forget_draft()
            return True
        lost = counted(len(sitting.changes), "change") if sitting.is_edit else "what you typed"
        body = Content(f"Closing now would lose {lost}.")
        answer = await self.app.push_screen_wait(Ask("Not saved yet", body, _LEAVING))
        if answer == "save":
            self.action_save()
        elif answer == "discard":
            self._forget_draft()
        return answer == "discard"

    def action_more(self) -> None:
        """Show the next page of the preview."""
        self._preview.turn()

    # Choosing when

    @on(Button.Pressed, "#editor-quieter")
    def action_quieter(self) -> None:
        """Move the schedule to the quieter minute that is offered for what is typed now."""
        found = self._foresight.of(self._sitting.draft)
        if found is not None and found.quieter is not None:
            self._form.put_expression("cron", found.quieter.expression)
        else:
            self.notify(
                "No quieter minute is known for this: only a cron line with a fixed minute can be moved.",
                timeout=4,
                markup=False,
            )

    @on(Button.Pressed, "#editor-presets")
    @work(group="editor-presets", exclusive=True)
    async def action_presets(self) -> None:
        """Choose from common schedules."""
        from tfui.ui.screens.editor_presets import BY_WORDS, PresetsScreen, readable_zone

        zone = readable_zone(self._sitting.draft.timezone)
        taken = await self.app.push_screen_wait(PresetsScreen(zone=zone, now=self._now()))
        if taken is not None:
            preset = BY_WORDS[taken]
            self._form.put_expression(preset.kind, preset.expression)
            self._form.expression.control.focus()
