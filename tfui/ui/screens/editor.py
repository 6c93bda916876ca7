"""The schedule editor: a form beside its live preview, saved through the service in one step.

The screen coordinates. What the fields mean is read by the sheet, what a trigger does is worked out
by the outlook at each keystroke, and what the store would refuse is asked for in a thread.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button

from tfui.errors import Conflict, Invalid, TfuiError
from tfui.ui import keys
from tfui.ui.keys import Where
from tfui.ui.office import office_of
from tfui.ui.plain import plain
from tfui.ui.reading import Reader
from tfui.ui.screens import editor_conflict, editor_saving
from tfui.ui.screens.asking import Answer, Ask
from tfui.ui.screens.editor_foresight import TIMING, Foresight
from tfui.ui.screens.editor_sitting import Sitting
from tfui.ui.styles import EDITOR
from tfui.ui.widgets import editor_sheet
from tfui.ui.widgets.editor_fields import ABOUT, AFTER, FORM, JSON, MODE
from tfui.ui.widgets.editor_form import Form
from tfui.ui.widgets.editor_lines import Lines
from tfui.ui.widgets.editor_preview import Preview
from tfui.ui.widgets.editor_problem import CROSS

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from tfui.errors import Problem
    from tfui.model.schedule import ScheduleDraft
    from tfui.ui.screens.editor_conflict import Newer
    from tfui.ui.screens.editor_saving import Background, Verdict

_LEAVING = (
    Answer("keep", "Keep editing", "k"),
    Answer("save", "Save", "s"),
    Answer("discard", "Discard", "d", is_grave=True),
)
_REST = 0.25  # seconds without a keystroke after which the store is asked


class EditorScreen(Screen["UUID | None"]):
    """Adds or edits one schedule. Gives the id of what was saved, or None."""

    AUTO_FOCUS = "Field Input"
    CSS_PATH: ClassVar = EDITOR
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings(Where.EDITOR),
        # With priority, since a letter typed or pasted right behind a tab would otherwise still go
        # to the field before.
        Binding("tab", "app.focus_next", "next field", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", "previous field", show=False, priority=True),
    ]

    def __init__(
        self,
        draft: ScheduleDraft | None = None,
        schedule_id: UUID | None = None,
        revision: int | None = None,
    ) -> None:
        super().__init__()
        self._sitting = Sitting(draft, schedule_id, revision)
        self._touched: set[str] = set()
        self._is_attempted = self._sitting.is_edit
        """Whether problems of fields that nobody has touched are shown as well."""
        self._is_saving = False
        self._rest: Timer | None = None
        self._form = Form(self._sitting.begun)
        self._preview = Preview()

    def compose(self) -> ComposeResult:
        """Lay out title, form and preview, hint and bar."""
        with Horizontal(id="editor-title"):
            yield Lines(id="editor-name")
            yield Lines(id="editor-revision")
        with Container(id="editor-body"):
            yield self._form
            yield self._preview
        yield Lines(id="editor-hint")
        with Horizontal(id="editor-bar"):
            yield Button("^s save", id="editor-save", compact=True)
            yield Button("F4 presets", id="editor-presets", compact=True)
            yield Button("esc close", id="editor-close", compact=True)
            yield Lines(id="editor-verdict")

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
            known.ask(lambda: editor_saving.read_background(caller, schedule_id))
        self.set_interval(1, self._look_again)
        self._read()
        self._ask_store()

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
        """Read all texts and bring problems, preview and bar up to date."""
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
        self._preview.foresee(found, sitting.draft.timezone, is_new=not sitting.is_edit)

    def action_quieter(self) -> None:
        """Move the schedule to the quieter minute that is offered for what is typed now."""
        found = self._foresight.of(self._sitting.draft)
        if found is not None and found.quieter is not None:
            self._form.put_expression("cron", found.quieter.expression)

    def _refuse(self, problems: dict[str, Problem]) -> None:
        self._sitting.refuse(problems, is_raw=self._form.is_raw)
        self._show_state()

    def _take_background(self, known: Background) -> None:
        self._sitting.created_at = known.created_at
        self._sitting.anchor_at = known.anchor_at
        self._sitting.learn_parents(known.parents)
        self._form.put(AFTER, self._sitting.texts[AFTER])
        self._form.zones.known = known.zones
        self._form.queues.known = known.queues
        self._form.offer_job_types(known.job_types)
        self._read()

    def _say_trouble(self, trouble: TfuiError) -> None:
        self._say(f"{CROSS} {plain(str(trouble))}", "$text-error")

    # Showing

    def _show_state(self) -> None:
        sitting, problems = self._sitting, self._sitting.problems
        visible = {
            key: problem
            for key, problem in problems.items()
            if self._is_attempted or key in self._touched
        }
        self._form.show_problems(visible)
        self.query_one("#editor-save", Button).disabled = bool(problems)
        self._show_title()
        if (focused := self._form.focused_key) is not None:
            self._show_hint(focused)
        if visible:
            self._say(f"{CROSS} {_counted(len(visible), 'problem')}", "bold $text-error")
        elif sitting.is_edit and sitting.is_dirty:
            self._say(f"{_counted(len(sitting.changes), 'change')} to save", "$text-warning")
        else:
            self._say("", "")

    def _show_title(self) -> None:
        sitting = self._sitting
        title = f"Edit {plain(sitting.base.name)}" if sitting.is_edit else "Add a schedule"
        star = " *" if sitting.is_dirty else ""
        self.query_one("#editor-name", Lines).draw(Content(title + star))
        revision = "" if sitting.revision is None else f"revision {sitting.revision}"
        self.query_one("#editor-revision", Lines).draw(Content(revision))

    def _say(self, text: str, style: str) -> None:
        self.query_one("#editor-verdict", Lines).draw(Content.assemble((text, style)))

    @on(Form.Entered)
    def _hint(self, event: Form.Entered) -> None:
        event.stop()
        self._show_hint(event.key)

    def _show_hint(self, key: str) -> None:
        field = self._form.field(key)
        about = ABOUT.get((key, field.text))
        hint = f"{field.spec.hint}: {about}" if about else field.spec.hint
        self.query_one("#editor-hint", Lines).draw(Content(hint))

    # Saving

    @on(Button.Pressed, "#editor-save")
    def action_save(self) -> None:
        """Save, or show what is wrong and go there."""
        if self._is_saving:
            return
        sitting = self._sitting
        self._is_attempted = True
        self._read()
        if sitting.problems:
            self._form.enter_first(sitting.problems)
        elif sitting.is_edit and not sitting.has_changes:
            self._say("nothing has changed", "$dim")
        else:
            self._is_saving = True
            self._say("saving\N{HORIZONTAL ELLIPSIS}", "$dim")
            self._save(sitting.draft, sitting.texts)

    @work(group="editor-save")
    async def _save(self, draft: ScheduleDraft, texts: dict[str, str]) -> None:
        """Write in a thread; what is refused comes back beside its field."""
        sitting, parents = self._sitting, self._sitting.parents.wanted
        try:
            saved = await asyncio.to_thread(
                editor_saving.save,
                office_of(self).caller,
                draft,
                base=sitting.base,
                schedule_id=sitting.schedule_id,
                revision=sitting.revision,
                parents=(sitting.parents.stored, sitting.parents.wanted),
            )
        except Invalid as bad:
            self._refuse(bad.fields)
            self._form.enter_first(sitting.problems)
        except Conflict as conflict:
            await self._settle(conflict)
        except TfuiError as trouble:
            self._say_trouble(trouble)
            self.notify(str(trouble), title="Not saved", severity="error", markup=False)
        else:
            if self._form.texts == texts:
                self.dismiss(saved.id)
                return
            sitting.schedule_id = saved.id
            sitting.parents.know(parents)
            self._begin_anew(draft, saved.revision, self._form.texts)
            self._say("saved; what you typed since is not", "$text-warning")
        finally:
            self._is_saving = False

    async def _settle(self, conflict: Conflict) -> None:
        """Show both sides of a conflict and do what the user says; nothing is written here."""
        newer = await self._fetch_newer()
        if newer is None:
            self._say_trouble(conflict)
            return
        sitting = self._sitting
        body = editor_conflict.draw_conflict(sitting.base, sitting.draft, newer)
        title = f"{plain(sitting.base.name)} was changed while you edited it"
        answer = await self.app.push_screen_wait(Ask(title, body, editor_conflict.ANSWERS))
        if answer == editor_conflict.THEIRS:
            theirs = sitting.written(newer.draft)
            self._begin_anew(newer.draft, newer.revision, theirs)
        elif answer == editor_conflict.KEEP:
            self._begin_anew(newer.draft, newer.revision, sitting.on_top_of(newer))
            self._say(f"yours on top of revision {newer.revision}; ^s saves it", "$text-warning")
        else:
            self._say(f"{CROSS} not saved: revision {newer.revision} is newer", "$text-error")

    async def _fetch_newer(self) -> Newer | None:
        sitting = self._sitting
        if sitting.schedule_id is None or sitting.revision is None:
            return None
        return await asyncio.to_thread(
            editor_conflict.fetch_newer,
            office_of(self).caller,
            sitting.schedule_id,
            since=sitting.revision,
        )

    def _begin_anew(self, base: ScheduleDraft, revision: int | None, texts: dict[str, str]) -> None:
        """Go on from what is stored now, with other texts in the fields."""
        self._sitting.begin_anew(base, revision)
        self._form.fill(texts)
        self._read()
        self._ask_store()

    # Leaving

    @on(Button.Pressed, "#editor-close")
    @work(group="editor-close", exclusive=True)
    async def action_close(self) -> None:
        """Close; asks when something is unsaved."""
        if await self.may_close():
            self.dismiss(None)

    async def may_close(self) -> bool:
        """Ask what to do with unsaved work; False means stay."""
        sitting = self._sitting
        if not sitting.is_dirty:
            return True
        lost = _counted(len(sitting.changes), "change") if sitting.is_edit else "what you typed"
        body = Content(f"Closing now would lose {lost}.")
        answer = await self.app.push_screen_wait(Ask("Not saved yet", body, _LEAVING))
        if answer == "save":
            self.action_save()
        return answer == "discard"

    @on(Button.Pressed, "#editor-presets")
    @work(group="editor-presets", exclusive=True)
    async def action_presets(self) -> None:
        """Choose from common schedules."""
        from tfui.ui.screens.editor_presets import PresetsScreen, readable_zone

        zone = readable_zone(self._sitting.draft.timezone)
        preset = await self.app.push_screen_wait(PresetsScreen(zone=zone, now=self._now()))
        if preset is not None:
            self._form.put_expression(preset.kind, preset.expression)
            self._form.expression.control.focus()

    def _now(self) -> datetime:
        return office_of(self).clock.now()


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
