"""The live preview beside the form: what the trigger means, when it runs, what saving would change.

It draws what it is given and decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from tfui.core.chained import Chained
from tfui.ui.key_map import key_map_of
from tfui.ui.plain import plain
from tfui.ui.widgets.editor_foresight import ForesightLines
from tfui.ui.widgets.editor_lines import Lines, hanging
from tfui.ui.widgets.editor_outlook import week
from tfui.ui.widgets.editor_preview_lines import draw_changes, draw_runs, draw_week
from tfui.ui.widgets.editor_problem import CROSS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tfui.model.whatif import WhatIf
    from tfui.ui.widgets.editor_changes import FieldChange
    from tfui.ui.widgets.editor_outlook import Outlook, Shift

_EMPTY = "The next runs appear here as you write."


class Preview(VerticalScroll, can_focus=False):
    """What the form means. Each part is a Static of its own, so that little is drawn anew."""

    def __init__(self) -> None:
        super().__init__(id="preview")
        self._state = Lines(classes="preview-state")
        self._runs = Lines(classes="preview-runs")
        self._notes = Lines(classes="preview-notes")
        self.foresight = ForesightLines(classes="preview-foresight")
        self._changes = Lines(classes="preview-changes")
        self._week = Lines(classes="preview-week")
        self._when = Vertical(self._state, self._runs, classes="preview-when")
        self._about = Vertical(
            self._notes, self.foresight, self._changes, self._week, classes="preview-about"
        )
        self._outlook: Outlook | None = None
        self._is_stale = False
        self._extra: tuple[str, ...] = ()
        self._told: tuple[Sequence[FieldChange], Shift | None] = ((), None)

    def watch_show_vertical_scrollbar(self, has_more: bool) -> None:  # noqa: FBT001  # Textual's signature
        """Say by which key the rest is seen, where not all of it fits."""
        key = key_map_of(self).name("editor.more") if has_more else ""
        self.border_title = f"{key} more" if has_more else ""

    def turn(self) -> None:
        """Show the next page of it, after the last one the first."""
        is_at_end = self.scroll_y >= self.max_scroll_y
        self.scroll_to(y=0 if is_at_end else self.scroll_y + self.size.height, animate=False)

    def compose(self) -> ComposeResult:
        """Lay the parts out: runs, then everything that is said about them."""
        yield self._when
        yield self._about

    @property
    def outlook(self) -> Outlook | None:
        """The last valid outlook, which is what is shown."""
        return self._outlook

    @property
    def is_stale(self) -> bool:
        """Whether what is shown is no longer what is typed."""
        return self._is_stale

    def show(self, outlook: Outlook) -> None:
        """Show a valid outlook."""
        self._outlook = outlook
        self._age(is_stale=False)
        self._draw_outlook()

    def doubt(self) -> None:
        """Say that the text is wrong; the last valid outlook stays, dimmed."""
        self._age(is_stale=True)
        self._draw_state()

    def warn(self, notes: Sequence[str]) -> None:
        """Add warnings that are not about the trigger: a command that is not found."""
        if tuple(notes) != self._extra:
            self._extra = tuple(notes)
            self._draw_notes()

    def tell(self, changes: Sequence[FieldChange], shift: Shift | None) -> None:
        """Show what a save would change."""
        if (changes, shift) != self._told:
            self._told = (changes, shift)
            self._draw_changes()

    def foresee(self, found: WhatIf | None, timezone: str) -> None:
        """Show what a save would do to the load; None shows nothing."""
        self.foresight.show(found, timezone, self._about.size.width)

    def on_resize(self) -> None:
        """Draw for the new width."""
        self._draw_outlook()
        self._draw_changes()

    def _age(self, *, is_stale: bool) -> None:
        self._is_stale = is_stale
        for part in (self._runs, self._notes, self.foresight, self._week):
            part.fade(is_faded=is_stale)

    def _draw_outlook(self) -> None:
        self._draw_state()
        self._draw_notes()
        if self._outlook is None:
            self._runs.draw(Content(""))
            return
        self._runs.draw(draw_runs(self._outlook, self._when.size.width))
        if self._week.styles.display != "none":
            is_timed = not isinstance(self._outlook.trigger, Chained)
            self._week.draw(draw_week(week(self._outlook)) if is_timed else Content(""))

    def _draw_state(self) -> None:
        width = self._when.size.width
        if self._outlook is None:
            presets = f"{key_map_of(self).name('editor.presets')} offers common schedules."
            self._state.draw(hanging("", f"{_EMPTY} {presets}", width, "$dim"))
        elif self.is_stale:
            text = "not valid now; this is what was valid last"
            self._state.draw(hanging(f"{CROSS} ", text, width, "$text-error"))
        else:
            said = plain(self._outlook.description)
            self._state.draw(hanging("", said[:1].upper() + said[1:], width, "bold"))

    def _draw_notes(self) -> None:
        texts = [] if self._outlook is None else [each.text for each in self._outlook.warnings]
        width = self._about.size.width
        lines = [hanging("! ", text, width, "$text-warning") for text in (*self._extra, *texts)]
        self._notes.draw(Content("\n").join(lines))
        self._notes.display = bool(lines)

    def _draw_changes(self) -> None:
        changes, shift = self._told
        self._changes.display = bool(changes)
        if changes:
            self._changes.draw(draw_changes(changes, shift, self._outlook, self._about.size.width))
