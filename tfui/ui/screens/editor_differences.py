"""A schedule that was changed on both sides: was, theirs and mine, and whose version is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tfui.ui.key_map import key_map_of
from tfui.ui.keys import BY_ID, Where, bindings, closing
from tfui.ui.merging import Pick, differences, settle
from tfui.ui.plain import plain, to_ascii
from tfui.ui.screens.dialog import Dialog
from tfui.ui.widgets.difference_list import DifferenceList
from tfui.ui.widgets.editor_changes import shown
from tfui.ui.widgets.editor_lines import Lines, hanging
from tfui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.ui.merging import Version
    from tfui.ui.screens.editor_conflict import Newer

_HINTS = ("merge.theirs", "merge.mine", "merge.theirs.all", "merge.mine.all", "merge.go")


class DifferencesScreen(Dialog["Version | None"]):
    """Gives what both sides came to, or None when the user goes back to editing as it was.

    What only one side changed goes as that side has it, unless the user says otherwise.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*closing(), *bindings(Where.DIFFERENCES)]

    def __init__(self, was: Version, newer: Newer, mine: Version, *, ascii: bool) -> None:  # noqa: A002  # the option's name
        super().__init__()
        self._was, self._newer, self._mine = was, newer, mine
        self._ascii = ascii
        found = differences(was, newer.version, mine)
        self._list = DifferenceList(found, ascii=ascii, id="differences-list")

    def compose(self) -> ComposeResult:
        """Lay out who it was, the fields, the one under the cursor in full, and the keys."""
        who = "; ".join(self._newer.authors) or "somebody else"
        name = plain(self._was.draft.name)
        with Vertical(classes="dialog", id="differences"):
            yield Static(
                f"{name} was changed while you edited it", classes="dialog-title", markup=False
            )
            yield Static(
                f"Revision {self._newer.revision} was saved by {who}.",
                classes="dialog-body",
                markup=False,
            )
            yield Static("", id="differences-heading", markup=False)
            yield self._list
            yield Lines(id="differences-current")
            yield Lines(id="differences-note")
            yield Static("", classes="dialog-hint", id="differences-hint", markup=False)

    def on_mount(self) -> None:
        """Give the keys to the list."""
        self._list.focus()
        keys = key_map_of(self)
        parts = [f"{keys.name(name, ascii=self._ascii)} {BY_ID[name].word}" for name in _HINTS]
        self.query_one("#differences-hint", Static).update(
            self._drawn("  ".join([*parts, f"{keys.name('dialog.close')} back"]))
        )
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Lay everything out for the new width."""
        self.call_after_refresh(self._show)

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        event.stop()
        self._show()

    def _show(self) -> None:
        """Name the columns, write the field under the cursor out, and say what is left to do."""
        width = self._list.size.width
        heading = self.query_one("#differences-heading", Static)
        heading.update(Content.assemble((self._list.heading(width), "$dim")))
        each = self._list.current
        sides = (("was     ", each.was), ("theirs  ", each.theirs), ("mine    ", each.mine))
        lines = [hanging(head, self._drawn(shown(text)[:300]), width, "") for head, text in sides]
        self.query_one("#differences-current", Lines).draw(Content("\n").join(lines))
        self.query_one("#differences-note", Lines).draw(self._note())

    def _note(self) -> Content:
        left = self._list.undecided
        if not left:
            return Content.assemble(("Nothing is saved before you save it.", "$dim"))
        fields = "1 field was" if left == 1 else f"{left} fields were"
        return Content.assemble(
            (f"! {fields} changed by both: say whose is taken", "$text-warning")
        )

    def _drawn(self, text: str) -> str:
        return to_ascii(text) if self._ascii else text

    def action_pick(self, whose: str) -> None:
        """Take one side's version of the field under the cursor."""
        self._list.pick(Pick(whose))
        self._show()

    def action_pick_all(self, whose: str) -> None:
        """Take one side's version of every field."""
        self._list.pick_all(Pick(whose))
        self._show()

    def action_go_on(self) -> None:
        """Go on with what was taken, once everything is decided."""
        if self._list.undecided:
            places = enumerate(self._list.found)
            self._list.move_to(next(n for n, each in places if each.key not in self._list.picks))
            return
        self.dismiss(settle(self._was, self._newer.version, self._mine, self._list.picks))

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        """Turn the field that was clicked twice over to the other side."""
        event.stop()
        is_mine = self._list.picks.get(self._list.current.key) is Pick.MINE
        self.action_pick((Pick.THEIRS if is_mine else Pick.MINE).value)
