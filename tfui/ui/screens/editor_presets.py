"""Common schedules to begin from, each with its next run in the zone at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tfui.core import trigger
from tfui.core.zone import zone as find_zone
from tfui.errors import Invalid
from tfui.ui.keys import closing
from tfui.ui.screens.choosing import ChooseScreen

if TYPE_CHECKING:
    from datetime import datetime

    from textual.binding import BindingType


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
    Preset("cron", "*/30 9-17 * * 1-5", "half-hourly in office hours"),
    Preset("cron", "0 0 * * 1", "Mondays at midnight"),
    Preset("cron", "0 6 1 * *", "first of the month at 06:00"),
    Preset("cron", "0 18 L * *", "month's last day at 18:00"),
    Preset("cron", "0 9 LW * *", "month's last working day"),
    Preset("cron", "0 3 1 */3 *", "every quarter of a year"),
    Preset("cron", "H H * * *", "once a day, at its own time"),
    Preset("recurring", "30s", "every 30 seconds"),
    Preset("recurring", "90m", "every 90 minutes, elapsed"),
    Preset("once", "10m", "once, in 10 minutes"),
)


BY_WORDS = {preset.words: preset for preset in PRESETS}


class PresetsScreen(ChooseScreen):
    """Gives the words of the preset taken, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [*closing("editor.presets")]

    def __init__(self, *, zone: str, now: datetime) -> None:
        texts = [
            f"{preset.expression:<17}  {_next(preset, zone, now)}".rstrip() for preset in PRESETS
        ]
        super().__init__(f"Common schedules, next run in {zone}", list(BY_WORDS), texts=texts)


def _next(preset: Preset, zone: str, now: datetime) -> str:
    if "H" in preset.expression:
        return ""
    rule = trigger.parse(preset.kind, preset.expression, zone=zone, anchor=now, seed="")
    at = rule.next_after(now)
    # The heading names the zone, and none of these is more than a year away.
    return f"{at.astimezone(find_zone(zone).wall(0).tzinfo):%a %d %b %H:%M}" if at else ""


def readable_zone(name: str) -> str:
    """Give the zone if there is one of that name, else UTC."""
    try:
        return find_zone(name).name
    except Invalid:
        return "UTC"
