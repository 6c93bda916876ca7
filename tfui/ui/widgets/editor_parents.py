"""What the schedule in the editor comes after: as stored, as typed, and what a save would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.parent_text import FIELD, read_parents, write_parent, write_parents
from tfui.errors import Invalid, Problem
from tfui.ui.widgets.editor_changes import FieldChange

if TYPE_CHECKING:
    from tfui.core.parent_text import Parent

_LABEL = "after"


class Parents:
    """Both sides. What is stored is known a moment after the editor opens; nothing is lost before."""

    def __init__(self, *, is_known: bool) -> None:
        self.stored: tuple[Parent, ...] = ()
        self.wanted: tuple[Parent, ...] = ()
        self.is_known = is_known
        """Whether what is stored was read."""

    @property
    def begun(self) -> str:
        """What stands in the field before anybody types."""
        return write_parents(self.stored)

    def know(self, stored: tuple[Parent, ...]) -> None:
        """Take what is stored."""
        self.stored = stored
        self.is_known = True

    def read(self, text: str, *, is_chained: bool) -> Problem | None:
        """Read what was typed; give what is wrong with it, and then what is stored stays wanted."""
        try:
            self.wanted = read_parents(text)
        except Invalid as bad:
            self.wanted = self.stored
            return bad.fields[FIELD]
        if is_chained and not self.wanted and self.is_known:
            return Problem("name at least one schedule: it runs whenever that one does")
        return None

    @property
    def changes(self) -> list[FieldChange]:
        """Tell what a save would change, parent by parent."""
        before = {parent.name: parent for parent in self.stored}
        after = {parent.name: parent for parent in self.wanted}
        return [
            FieldChange(
                f"{FIELD}.{name}", _LABEL, _written(before.get(name)), _written(after.get(name))
            )
            for name in {**before, **after}
            if before.get(name) != after.get(name)
        ]


def _written(parent: Parent | None) -> str:
    return "" if parent is None else write_parent(parent)
