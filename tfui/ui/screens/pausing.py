"""Pausing with a note and an end: two fields, and how the end was understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tfui.errors import Invalid
from tfui.ui import spans
from tfui.ui.keys import closing
from tfui.ui.plain import plain
from tfui.ui.screens.dialog import Dialog
from tfui.ui.widgets.hint import Hint

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from textual.app import ComposeResult


@dataclass(frozen=True, slots=True)
class Pause:
    """How long and why."""

    until: datetime | None
    note: str | None


class PauseScreen(Dialog[Pause | None]):
    """Gives a Pause, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *closing(),
        Binding("down", "app.focus_next", "next", show=False),
        Binding("up", "app.focus_previous", "previous", show=False),
    ]

    def __init__(self, name: str, *, timezone: str, zone: tzinfo | None, now: datetime) -> None:
        super().__init__()
        self._name = name
        self._timezone = timezone
        self._zone = zone
        self._now = now

    def compose(self) -> ComposeResult:
        """Lay out the two fields."""
        with Vertical(classes="dialog"):
            yield Static(f"Pause {plain(self._name)}", classes="dialog-title", markup=False)
            yield Static("until", classes="dialog-label")
            until = Input(
                placeholder="2h, 3d or 2026-01-06 09:00; empty: until resumed", id="until"
            )
            yield until
            yield Static("", id="pause-meaning", markup=False)
            yield Static("note", classes="dialog-label")
            note = Input(placeholder="why, for whoever looks next", id="note", max_length=200)
            yield note
            for field in (until, note):
                field.compact = True
                field.cursor_blink = False
            yield Hint("⏎ pause")

    def on_mount(self) -> None:
        """Say what an empty field means."""
        self._say()

    @on(Input.Changed, "#until")
    def _say(self) -> None:
        meaning = self.query_one("#pause-meaning", Static)
        try:
            until = self._until()
        except Invalid as bad:
            meaning.update(Content.styled("; ".join(map(str, bad.fields.values())), "$st-fail"))
            return
        if until is None:
            meaning.update(Content.styled("until somebody resumes it", "$dim"))
            return
        moment = spans.moment(until, self._zone, self._now)
        distance = spans.countdown(until - self._now)
        meaning.update(Content.styled(f"{moment}, in {distance}", "$st-ok"))

    @on(Input.Submitted)
    def _submit(self) -> None:
        try:
            until = self._until()
        except Invalid:
            self.query_one("#until").focus()
            return
        self.dismiss(Pause(until, self.query_one("#note", Input).value.strip() or None))

    def _until(self) -> datetime | None:
        """Read the end. Raises Invalid."""
        text = self.query_one("#until", Input).value.strip()
        if not text:
            return None
        from tfui.core import once, zone

        until = once.read(text, zone=zone.zone(self._timezone), anchor=self._now).at
        if until <= self._now:
            raise Invalid({"until": "that moment has passed"})
        return until
