"""The part of the editor that runs the draft's job once, unsaved and off the record."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import on, work
from textual.widgets import Button

from tfui.errors import Invalid, TfuiError
from tfui.ui.office import office_of
from tfui.ui.options import is_ascii
from tfui.ui.parts import is_here
from tfui.ui.screens.editor_keeping import EditorKeeping
from tfui.ui.trial import RunningTrial
from tfui.ui.widgets.editor_fields import SPEC
from tfui.ui.widgets.editor_problem import CROSS
from tfui.ui.widgets.editor_spec import JOB
from tfui.ui.widgets.trial_pane import TrialPane

if TYPE_CHECKING:
    from textual.timer import Timer

    from tfui.service.trying import Trial

_LOOK = 0.1  # seconds between two looks at what was printed
_NEEDED = frozenset(key for key, spec in SPEC.items() if spec.group == JOB) | {"timeout"}
"""Fields that must be right before the job can be run; the others do not matter to it."""


class EditorTrying(EditorKeeping):
    """Runs the draft's job in a pane that takes the preview's place."""

    _trial: RunningTrial | None = None
    _looking: Timer | None = None

    @on(Button.Pressed, "#editor-try")
    def action_try(self) -> None:
        """Run the draft's job now, or end the test run that is under way."""
        if self._trial is not None and not self._trial.is_over:
            self._stop_trial()
            return
        self._read()
        if not self._goes_to_problems():
            self._try()

    def _goes_to_problems(self) -> bool:
        """Go to what keeps the job from being run, if anything does."""
        problems = {
            key: problem for key, problem in self._sitting.problems.items() if key in _NEEDED
        }
        if problems:
            self._go_to(problems)
        return bool(problems)

    @work(group="editor-try", exclusive=True)
    async def _try(self) -> None:
        draft, office = self._sitting.draft, office_of(self)

        def prepare() -> Trial:
            from tfui.service import trying

            return trying.prepare(office.caller, draft)

        try:
            trial = await asyncio.to_thread(prepare)
        except Invalid as bad:
            self._sitting.refuse(bad.fields, is_raw=self._form.is_raw)
            self._goes_to_problems()
            return
        except TfuiError as trouble:
            self._say(f"{CROSS} not run: {trouble}", "$text-error")
            return
        if not is_here(self):
            return
        pane = await self._show_pane()
        self._trial = RunningTrial(trial, office.clock.now)
        pane.begin()
        self._looking = self.set_interval(_LOOK, self._look_at_trial)

    async def _show_pane(self) -> TrialPane:
        if not self.query(TrialPane):
            await self.query_one("#editor-body").mount(TrialPane(ascii=is_ascii(self)))
        self.add_class("-trying")
        return self.query_one(TrialPane)

    def _look_at_trial(self) -> None:
        """Show what was printed since, and the end once it has come."""
        trial = self._trial
        if trial is None or not is_here(self):
            return
        outcome = trial.outcome  # before what was printed: then all is there
        pane = self.query_one(TrialPane)
        pane.take(list(trial.printed()))
        if outcome is None:
            pane.say_running(trial.seconds, is_stopping=trial.is_stopping)
            return
        pane.say_ended(outcome, trial.seconds)
        if self._looking is not None:
            self._looking.stop()

    def _stop_trial(self) -> None:
        if self._trial is not None:
            self._trial.stop()
            self._look_at_trial()

    def _leave_trial(self) -> bool:
        """End the test run, or put the preview back; False when there is neither to do."""
        if self._trial is not None and not self._trial.is_over:
            self._stop_trial()
            return True
        has_pane = self.has_class("-trying")
        if has_pane:
            if self.query_one(TrialPane).has_focus_within:
                self._form.enter_first_field()
            self.remove_class("-trying")
        return has_pane

    def on_unmount(self) -> None:
        """Leave no test run behind."""
        if self._trial is not None:
            self._trial.stop()
