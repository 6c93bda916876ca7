"""Running with a choice: now, or making up for a planned run that did not happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tfui.errors import Invalid
from tfui.ui import spans
from tfui.ui.keys import closing
from tfui.ui.plain import plain
from tfui.ui.screens.dialog import Dialog
from tfui.ui.spans import ZoneChoice
from tfui.ui.widgets.hint import Hint

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from textual.app import ComposeResult
    from textual.binding import BindingType


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be run."""

    at: datetime | None
    """The planned instant to make up for; None runs now."""


class RunScreen(Dialog[Run | None]):
    """Gives a Run, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [*closing()]

    def __init__(
        self,
        name: str,
        *,
        timezone: str,
        zone: tzinfo | None,
        now: datetime,
        at: datetime | None,
    ) -> None:
        super().__init__()
        self._name = name
        self._timezone = timezone
        self._zone = zone
        self._now = now
        self._at = at

    def compose(self) -> ComposeResult:
        """Lay out the field."""
        with Vertical(classes="dialog"):
            yield Static(f"Run {plain(self._name)}", classes="dialog-title", markup=False)
            yield Static("the planned run to make up for", classes="dialog-label")
            field = Input(
                value=self._first(), placeholder="2026-01-05 02:30; empty: run it now", id="run-at"
            )
            field.compact = True
            field.cursor_blink = False
            yield field
            yield Static("", id="run-meaning", markup=False)
            yield Hint("⏎ run")

    def on_mount(self) -> None:
        """Say what the field means as it stands."""
        self._say()

    @on(Input.Changed, "#run-at")
    def _say(self) -> None:
        meaning = self.query_one("#run-meaning", Static)
        try:
            at = self._read()
        except Invalid as bad:
            meaning.update(Content.styled("; ".join(map(str, bad.fields.values())), "$st-fail"))
            return
        if at is None:
            meaning.update(Content.styled("one more run, now; the plan is not touched", "$dim"))
            return
        moment = spans.moment(at, self._zone, self._now)
        said = f"{moment}, {spans.long(self._now - at)} ago; it then counts as run"
        meaning.update(Content.styled(said, "$st-ok"))

    @on(Input.Submitted)
    def _submit(self) -> None:
        try:
            self.dismiss(Run(self._read()))
        except Invalid:
            self.query_one(Input).focus()

    def _first(self) -> str:
        """Offer the instant that was pointed at, on the schedule's clock."""
        if self._at is None:
            return ""
        own = spans.zone_of(ZoneChoice.SCHEDULE, self._timezone, None)
        return f"{self._at.astimezone(own):%Y-%m-%d %H:%M:%S}"

    def _read(self) -> datetime | None:
        """Read the instant. Raises Invalid."""
        text = self.query_one(Input).value.strip()
        if not text:
            return None
        from tfui.core import once, zone

        at = once.read(text, zone=zone.zone(self._timezone), anchor=self._now).at
        if at > self._now:
            raise Invalid({"at": "that moment is still to come"})
        return at
