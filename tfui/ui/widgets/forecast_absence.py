"""What stands in place of the forecast's grid when there is nothing to foresee."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tfui.ui.key_map import key_map_of

_KEY = "bold $footer-key-foreground"


class ForecastAbsence(Static, can_focus=True):
    """A sentence and its keys; it takes the keys that the grid would."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's own name
        super().__init__("", id=id, markup=False)

    def say_none(self, *, may_write: bool) -> None:
        """Say that nothing is scheduled, and what to do about it."""
        name = key_map_of(self).name
        add = ((name("forecast.add"), _KEY), " add one    ") if may_write else ()
        self.update(
            Content.assemble(
                ("Nothing is scheduled, so nothing is coming", "bold"),
                ("\nA line a schedule, and above them the load against the seats", "$dim"),
                "\n\n",
                *add,
                (name("view.schedules"), _KEY),
                " the schedules",
            )
        )
