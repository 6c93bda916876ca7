"""What a test run prints, as it comes, and a line that says how it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content

from tfui.core.health import Condition
from tfui.core.states import AttemptOutcome, JobStatus
from tfui.ui import spans
from tfui.ui.glyphs import OF_CONDITION, OF_JOB, Glyph
from tfui.ui.key_map import key_map_of
from tfui.ui.log_reading import LogLook
from tfui.ui.plain import plain
from tfui.ui.widgets.editor_lines import Lines, hanging
from tfui.ui.widgets.log_view import LogView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tfui.model.job import OutputChunk
    from tfui.runners.order import Outcome

_NOWHERE = (0, -1)
_OFF_THE_RECORD = "Off the record: nothing counts or retries it."


class TrialPane(Vertical):
    """The output of one test run over how it went."""

    def __init__(self, *, ascii: bool) -> None:  # noqa: A002  # the option's name
        super().__init__(id="trial")
        self._ascii = ascii
        self._log = LogView(id="trial-log")
        self._state = Lines(id="trial-state")
        self._said = (OF_CONDITION[Condition.RUNNING], "", "")
        self.border_title = "Test run"

    def compose(self) -> ComposeResult:
        """Lay out the output over the state."""
        yield self._log
        yield self._state

    def begin(self) -> None:
        """Forget the test run before."""
        self._log.begin()
        self._log.take([], [])
        self.say_running(0.0, is_stopping=False)

    def take(self, chunks: Sequence[OutputChunk]) -> None:
        """Show what was printed since."""
        self._log.show(LogLook(job=None, chunks=chunks, after=_NOWHERE, is_new=False))

    def say_running(self, seconds: float, *, is_stopping: bool) -> None:
        """Say for how long it has been running."""
        verb = "told to end, after" if is_stopping else "running for"
        self._say(
            OF_CONDITION[Condition.RUNNING],
            f"{verb} {int(seconds)}s",
            "" if is_stopping else f"{self._key('try')} or {self._key('close')} ends it",
        )

    def say_ended(self, outcome: Outcome, seconds: float) -> None:
        """Say how it ended."""
        glyph = _GLYPHS.get(outcome.outcome, OF_JOB[JobStatus.FAILED])
        said = f"{plain(outcome.error or _how(outcome))}, after {spans.took(seconds)}"
        self._say(
            glyph, said, f"{self._key('try')} runs it again, {self._key('close')} shows the preview"
        )

    def on_resize(self) -> None:
        """Lay the state out anew."""
        self._draw()

    def _key(self, name: str) -> str:
        return key_map_of(self).name(f"editor.{name}", ascii=self._ascii)

    def _say(self, glyph: Glyph, text: str, keys: str) -> None:
        self._said = (glyph, text, keys)
        self._draw()

    def _draw(self) -> None:
        glyph, text, keys = self._said
        width = self.size.width
        if not width:
            return  # it has no place yet, and will be told when it has
        lines = [
            hanging(f"{glyph.drawn(ascii=self._ascii)} ", text, width, f"bold {glyph.style}"),
            Content.assemble((keys, "$dim")),
            Content.assemble((_OFF_THE_RECORD, "$dim")),
        ]
        self._state.draw(Content("\n").join(lines))


_GLYPHS = {
    AttemptOutcome.SUCCEEDED: OF_JOB[JobStatus.SUCCEEDED],
    AttemptOutcome.CANCELLED: OF_JOB[JobStatus.CANCELLED],
}


def _how(outcome: Outcome) -> str:
    if outcome.outcome is AttemptOutcome.CANCELLED:
        return "ended by you"
    if outcome.exit_code is None:
        return outcome.outcome.value.replace("_", " ")
    return f"exit {outcome.exit_code}"
