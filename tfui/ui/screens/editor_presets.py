"""Common schedules to begin from, each with its next run in the zone at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from tfui.core import trigger
from tfui.core.zone import zone as find_zone
from tfui.errors import Invalid

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import ComposeResult


@dataclass(frozen=True, slots=True)
class Preset:
    """A trigger that many want."""

    kind: str
    expression: str
    words: str


PRESETS = (
    Preset("cron", "*/5 * * * *", "every 5 minutes"),
    Preset("cron", "*/15 * * * *", "every quarter of an hour"),
    Preset("cron", "0 * * * *", "every hour, on the hour"),
    Preset("cron", "0 */6 * * *", "every 6 hours from midnight"),
    Preset("cron", "0 2 * * *", "every night at 02:00"),
    Preset("cron", "0 9 * * 1-5", "weekdays at 09:00"),
    Preset("cron", "*/30 9-17 * * 1-5", "every half hour of the working day"),
    Preset("cron", "0 0 * * 1", "Mondays at midnight"),
    Preset("cron", "0 6 1 * *", "the first of the month at 06:00"),
    Preset("cron", "0 18 L * *", "the last day of the month at 18:00"),
    Preset("cron", "0 9 LW * *", "the last working day of the month"),
    Preset("cron", "0 3 1 */3 *", "every quarter of a year"),
    Preset("cron", "H H * * *", "once a day, at a time of its own"),
    Preset("recurring", "30s", "every 30 seconds"),
    Preset("recurring", "90m", "every 90 minutes of elapsed time"),
    Preset("once", "10m", "once, in 10 minutes"),
)


class PresetsScreen(ModalScreen["Preset | None"]):
    """A list to choose from; gives the preset taken, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f4", "leave", "back", show=False),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(self, *, zone: str, now: datetime) -> None:
        super().__init__()
        self._zone = zone
        self._now = now

    def compose(self) -> ComposeResult:
        """Show every preset with its next run."""
        with Vertical(id="presets"):
            yield Label(
                f"Common schedules, next run in {self._zone}", id="presets-title", markup=False
            )
            yield OptionList(*(Option(self._row(preset)) for preset in PRESETS), compact=True)

    def action_leave(self) -> None:
        """Take none."""
        self.dismiss(None)

    def action_down(self) -> None:
        """Go one down."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Go one up."""
        self.query_one(OptionList).action_cursor_up()

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(PRESETS[event.option_index])

    def _row(self, preset: Preset) -> Content:
        return Content.assemble(
            (f"{preset.expression:<17} ", "bold"),
            f"{preset.words:<34} ",
            (self._next(preset), "$dim"),
        )

    def _next(self, preset: Preset) -> str:
        rule = trigger.parse(
            preset.kind, preset.expression, zone=self._zone, anchor=self._now, seed=""
        )
        at = rule.next_after(self._now)
        if at is None or "H" in preset.expression:
            return ""
        # The heading names the zone, and none of these is more than a year away.
        return f"{at.astimezone(find_zone(self._zone).wall(0).tzinfo):%a %d %b %H:%M}"


def readable_zone(name: str) -> str:
    """Give the zone if there is one of that name, else UTC."""
    try:
        return find_zone(name).name
    except Invalid:
        return "UTC"
