"""The scenes: what is in the store, which keys are pressed, how large the terminal is.

Each is drawn to `screenshots/NAME.svg`, which is both what the README shows and what the tests
compare with. `python -m tests.ui.shoot` draws them anew after a change that was meant.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.command import CommandPalette

from tests.ui import engine_room, record, stage, ties
from tests.ui.play import an_app, appears, press, settle, shown
from tests.ui.rush import RUSH
from tfui.ui import themes
from tfui.ui.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.pilot import Pilot

    from tests.ui.stage import Part
    from tfui.store.connection import Store
    from tfui.ui.app import TfuiApp

SIZES = NARROW, MID, WIDE = (80, 24), (120, 36), (200, 50)


@dataclass(frozen=True, slots=True)
class Picture:
    """How a scene looks, and what it says once the terminal has got another size."""

    svg: str
    resized: str


class Busy:
    """An engine that is at work on two jobs and does not end by itself."""

    busy = 2

    def run(self) -> None:
        """Be gone at once: a picture needs no thread."""

    def stop(self, mode: str = "hand_back") -> None:
        """Have nothing to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One picture."""

    name: str
    size: tuple[int, int] = MID
    keys: tuple[str, ...] = ()
    cast: Sequence[Part] = stage.CAST
    theme: str = "tfui-dark"
    ascii: bool = False
    read_only: bool = False
    no_color: bool = False
    until: str | None = None
    """What is on the screen once all is there, where a question follows from an answer."""
    is_first_start: bool = False
    """Whether nobody has been here before, with an engine and a crontab of their own."""
    past: Callable[[Store], None] | None = None
    """What was done before, on top of the cast."""

    def app(self, store: Store) -> TfuiApp:
        """Make the app on an empty store."""
        options = Options(
            theme=self.theme,
            ascii=self.ascii,
            read_only=self.read_only,
            engine=self.is_first_start,
            state_path=_NOWHERE if self.is_first_start else None,
            zone="UTC",
        )
        app = an_app(store, cast=self.cast, options=options)
        if self.past is not None:
            self.past(store)
        return app

    @property
    def state(self) -> str:
        """What it shows, at whatever size."""
        return self.name.removesuffix(f"-{self.size[0]}x{self.size[1]}")

    async def play(self, pilot: Pilot[None]) -> Picture:
        """Press the keys and give the picture."""
        with engine_room.a_known_machine():
            svg = await self._play(pilot)
            return Picture(svg, "\n".join([await _resized(pilot, size) for size in others(self)]))

    async def _play(self, pilot: Pilot[None]) -> str:
        await settle(pilot)
        if self.is_first_start:
            await appears(pilot, "Start empty")
        for key in self.keys:
            await press(pilot, key)
        if self.until is not None:
            await appears(pilot, self.until)
            await settle(pilot)
        if isinstance(pilot.app.screen, CommandPalette):
            await pilot.pause(0.5)  # it gathers what it finds for a while before it shows it
            await settle(pilot)
        return pilot.app.export_screenshot(title="tfui")


async def _resized(pilot: Pilot[None], size: tuple[int, int]) -> str:
    pilot.app.clear_notifications()  # they go away by themselves in the meantime, or not
    await pilot.resize_terminal(*size)
    await settle(pilot)
    return f"{size[0]}x{size[1]}\n{shown(pilot)}\n"


def others(scene: Scene) -> tuple[tuple[int, int], ...]:
    """Give the sizes for which a state has no scene of its own: its first one is resized to them."""
    alike = [each for each in SCENES if each.state == scene.state]
    is_plain = scene.theme == themes.DARK.name and not scene.no_color
    if scene is not alike[0] or scene.size not in SIZES or not is_plain:
        return ()
    return tuple(size for size in SIZES if size not in {each.size for each in alike})


_KEYS = {
    ":": "colon",
    " ": "space",
    "!": "exclamation_mark",
    "<": "less_than_sign",
    ">": "greater_than_sign",
}


def typed(text: str) -> tuple[str, ...]:
    """Give the keys that type a text."""
    return tuple(_KEYS.get(character, character) for character in text)


_NOWHERE = Path(os.devnull) / "ui.json"
"""Remembers nothing, and nothing of it."""
_NOBODY: tuple[Part, ...] = ()
_WELL = tuple(part for part in stage.CAST if part.name in {"db-backup", "fx-rates", "mail-digest"})
_ON = "right_square_bracket"
_RUNS = ("enter", _ON, _ON)
_LEDGER = (*_RUNS, _ON)
_BACKUP = ("j",) * 9
_DEPS = (*_LEDGER, _ON)

_MARKED = ("f", "f", "space", "space", "enter")

SCENES = (
    Scene(name="list-80x24", size=NARROW),
    Scene(name="list-120x36"),
    Scene(name="list-200x50", size=WIDE),
    Scene(name="list-light-120x36", theme="tfui-light"),
    Scene(name="list-light-80x24", size=NARROW, theme="tfui-light"),
    Scene(name="list-ansi-80x24", size=NARROW, theme="ansi-dark"),
    Scene(name="list-no-color-80x24", size=NARROW, no_color=True),
    Scene(name="list-ascii-120x36", ascii=True),
    Scene(name="empty-80x24", size=NARROW, cast=_NOBODY),
    Scene(name="empty-read-only-80x24", size=NARROW, cast=_NOBODY, read_only=True),
    Scene(name="healthy-120x36", cast=_WELL),
    Scene(name="filter-120x36", keys=("slash", "s", "y", "n", "c")),
    Scene(name="filter-words-80x24", size=NARROW, keys=("slash",)),
    Scene(name="filter-values-200x50", size=WIDE, keys=("slash", *typed("queue:nightly status:"))),
    Scene(name="filter-mistake-120x36", keys=("slash", *typed("sync queu:nightly"))),
    Scene(name="marks-80x24", size=NARROW, keys=("space", "j", "j", "v")),
    Scene(name="marks-120x36", keys=("space", "j", "space", "p")),
    Scene(name="marks-ascii-80x24", size=NARROW, keys=("space", "j", "j", "v"), ascii=True),
    Scene(name="bulk-delete-80x24", size=NARROW, keys=("V", "D", "2")),
    Scene(name="bulk-move-200x50", size=WIDE, keys=("space", "space", "Q", "n")),
    Scene(name="menu-80x24", size=NARROW, keys=("full_stop",)),
    Scene(name="menu-120x36", keys=("full_stop",)),
    Scene(name="menu-200x50", size=WIDE, keys=("space", "space", "full_stop")),
    Scene(name="jump-80x24", size=NARROW, keys=("ctrl+o",)),
    Scene(name="jump-120x36", keys=("ctrl+o",)),
    Scene(name="jump-200x50", size=WIDE, keys=("ctrl+o",)),
    Scene(name="copy-80x24", size=NARROW, keys=("y",)),
    Scene(name="copy-120x36", keys=("y",)),
    Scene(name="no-match-80x24", size=NARROW, keys=("slash", "z", "z", "z")),
    Scene(name="match-elsewhere-80x24", size=NARROW, keys=("f", "f", "slash", *typed("sync"))),
    Scene(name="problems-80x24", size=NARROW, keys=("exclamation_mark",)),
    Scene(name="sort-menu-80x24", size=NARROW, keys=("s",)),
    Scene(name="sorted-by-next-120x36", keys=("s", "x")),
    Scene(name="strange-names-80x24", size=NARROW, cast=stage.STRANGE),
    Scene(name="detail-80x24", size=NARROW, keys=("enter",)),
    Scene(name="next-120x36", keys=("enter", "right_square_bracket")),
    Scene(name="runs-80x24", size=NARROW, keys=_RUNS),
    Scene(name="runs-200x50", size=WIDE, keys=_RUNS),
    Scene(name="ledger-80x24", size=NARROW, keys=(*_BACKUP, *_LEDGER)),
    Scene(name="ledger-120x36", keys=(*_BACKUP, *_LEDGER)),
    Scene(name="ledger-that-does-not-hold-80x24", size=NARROW, keys=_LEDGER),
    Scene(name="deps-80x24", size=NARROW, keys=_DEPS),
    Scene(name="deps-120x36", keys=_DEPS),
    Scene(name="inspect-80x24", size=NARROW, keys=("j", "j", "j", "j", "i")),
    Scene(name="inspect-120x36", keys=("j", "j", "i")),
    Scene(name="inspect-a-run-120x36", keys=(*_RUNS, "i")),
    Scene(name="inspect-ascii-80x24", size=NARROW, keys=("i",), ascii=True),
    Scene(name="log-120x36", keys=("j", "j", "j", "enter", "left_square_bracket")),
    Scene(name="log-of-a-failure-80x24", size=NARROW, keys=(*_RUNS, "enter")),
    Scene(name="paused-120x36", keys=("slash", "l", "e", "g", "a", "c", "y", "enter")),
    Scene(name="zoom-120x36", keys=("plus",)),
    Scene(name="help-120x36", keys=("question_mark",)),
    Scene(name="palette-120x36", keys=("ctrl+p",)),
    Scene(name="palette-ascii-80x24", size=NARROW, keys=("ctrl+p",), ascii=True),
    Scene(name="palette-search-80x24", size=NARROW, keys=("ctrl+p", "r", "u", "n")),
    Scene(name="delete-120x36", keys=("D",)),
    *(
        Scene(
            name=f"delete-parent-{wide}x{high}",
            size=(wide, high),
            keys=("D", "y"),
            until="detach them",
        )
        for wide, high in (NARROW, MID, WIDE)
    ),
    Scene(name="pause-until-80x24", size=NARROW, keys=("P", "3", "d")),
    Scene(name="import-80x24", size=NARROW, keys=("I",)),
    *(
        Scene(
            name=name,
            size=size,
            cast=_NOBODY,
            is_first_start=True,
            until="Import my crontab",
            theme=theme,
            ascii=name.startswith("welcome-ascii"),
            no_color=name.startswith("welcome-no-color"),
        )
        for name, size, theme in (
            ("welcome-80x24", NARROW, "tfui-dark"),
            ("welcome-120x36", MID, "tfui-dark"),
            ("welcome-200x50", WIDE, "tfui-dark"),
            ("welcome-light-120x36", MID, "tfui-light"),
            ("welcome-no-color-80x24", NARROW, "tfui-dark"),
            ("welcome-ascii-80x24", NARROW, "tfui-dark"),
        )
    ),
    *(
        Scene(
            name=name,
            size=size,
            cast=_NOBODY,
            is_first_start=True,
            keys=("i",),
            until="4 would be created",
        )
        for name, size in (
            ("import-own-80x24", NARROW),
            ("import-own-120x36", MID),
            ("import-own-200x50", WIDE),
        )
    ),
    Scene(name="editor-120x36", keys=("e",)),
    Scene(name="forecast-80x24", size=NARROW, cast=RUSH, keys=("2",)),
    Scene(name="forecast-120x36", cast=RUSH, keys=("2", "b", "enter")),
    Scene(name="forecast-200x50", size=WIDE, cast=RUSH, keys=("2", "j", "j", "j")),
    Scene(name="forecast-hour-120x36", keys=("2", *("plus",) * 4, "j")),
    Scene(name="forecast-week-120x36", cast=RUSH, keys=("2", "minus", "minus", "j")),
    Scene(name="forecast-light-120x36", cast=RUSH, keys=("2", "b"), theme="tfui-light"),
    Scene(name="forecast-no-color-80x24", size=NARROW, cast=RUSH, keys=("2", "b"), no_color=True),
    Scene(
        name="forecast-ascii-80x24", size=NARROW, cast=RUSH, keys=("2", "b", "enter"), ascii=True
    ),
    Scene(name="forecast-empty-80x24", size=NARROW, cast=_NOBODY, keys=("2",)),
    Scene(name="editor-foresight-80x24", size=NARROW, cast=RUSH, keys=("2", "b", "a")),
    Scene(name="editor-foresight-120x36", cast=RUSH, keys=("2", "b", "a")),
    Scene(name="editor-foresight-200x50", size=WIDE, cast=RUSH, keys=("2", "b", "a")),
    Scene(name="all-runs-80x24", size=NARROW, keys=("3",)),
    Scene(name="all-runs-120x36", keys=("3",)),
    Scene(name="all-runs-200x50", size=WIDE, keys=("3",)),
    Scene(name="all-runs-light-120x36", keys=("3",), theme="tfui-light"),
    Scene(name="all-runs-no-color-80x24", size=NARROW, keys=("3", "f", "f"), no_color=True),
    Scene(name="all-runs-empty-80x24", size=NARROW, keys=("3",), cast=_NOBODY),
    Scene(name="all-runs-no-match-80x24", size=NARROW, keys=("3", "slash", "z", "z")),
    Scene(name="what-did-not-run-120x36", keys=("3", "f", "f", "f", "f")),
    Scene(name="run-log-80x24", size=NARROW, keys=("3", "f", "f", "enter")),
    Scene(
        name="run-log-120x36", keys=("3", "f", "f", "enter", "slash", *typed("refused"), "enter")
    ),
    Scene(name="run-log-ascii-120x36", keys=("3", "f", "f", "enter", "ctrl+t"), ascii=True),
    Scene(name="run-logs-80x24", size=NARROW, keys=("3", *_MARKED)),
    Scene(name="run-logs-120x36", keys=("3", *_MARKED)),
    Scene(name="run-logs-200x50", size=WIDE, keys=("3", "f", "f", "space", *_MARKED[2:])),
    Scene(name="graph-80x24", size=NARROW, cast=ties.FAMILY, keys=("4",)),
    Scene(name="graph-120x36", cast=ties.FAMILY, keys=("4", "l")),
    Scene(name="graph-200x50", size=WIDE, cast=ties.FAMILY, keys=("4",)),
    Scene(name="graph-around-120x36", cast=ties.FAMILY, keys=("4", "l", "o")),
    Scene(name="graph-ascii-120x36", cast=ties.FAMILY, keys=("4", "l"), ascii=True),
    Scene(name="graph-no-color-120x36", cast=ties.FAMILY, keys=("4", "l"), no_color=True),
    Scene(name="graph-light-120x36", cast=ties.FAMILY, keys=("4", "l"), theme="tfui-light"),
    Scene(name="graph-circle-120x36", cast=ties.CIRCLE, keys=("4",)),
    Scene(name="graph-circle-80x24", size=NARROW, cast=ties.CIRCLE, keys=("4",)),
    Scene(name="graph-empty-80x24", size=NARROW, cast=_WELL, keys=("4",)),
    Scene(name="graph-empty-120x36", cast=_WELL, keys=("4",)),
    Scene(name="audit-80x24", size=NARROW, past=record.live, keys=("5",)),
    Scene(name="audit-fields-80x24", size=NARROW, past=record.live, keys=("5", *"jjjj", "enter")),
    Scene(name="audit-120x36", past=record.live, keys=("5", *"jjjjjjjj")),
    Scene(name="audit-200x50", size=WIDE, past=record.live, keys=("5", *"jj")),
    Scene(
        name="audit-filter-120x36",
        past=record.live,
        keys=("5", "slash", *typed("actor:ci-bot object:bill"), "enter"),
    ),
    Scene(
        name="audit-mistake-80x24",
        size=NARROW,
        past=record.live,
        keys=("5", "slash", *typed("by:ana")),
    ),
    Scene(
        name="audit-no-match-80x24",
        size=NARROW,
        past=record.live,
        keys=("5", "slash", *typed("zzz")),
    ),
    Scene(name="audit-empty-120x36", cast=_NOBODY, keys=("5",)),
    Scene(name="audit-ascii-120x36", past=record.live, keys=("5", "j", "j"), ascii=True),
    Scene(
        name="audit-no-color-80x24", size=NARROW, past=record.live, keys=("5", "j"), no_color=True
    ),
    Scene(name="audit-light-120x36", past=record.live, keys=("5", "j", "j"), theme="tfui-light"),
    Scene(name="engine-80x24", size=NARROW, past=engine_room.work, keys=("6",)),
    Scene(name="engine-120x36", past=engine_room.work, keys=("6", "j", "j")),
    Scene(name="engine-200x50", size=WIDE, past=engine_room.work, keys=("6",)),
    Scene(name="engine-troubled-80x24", size=NARROW, past=engine_room.stumble, keys=("6", "j")),
    Scene(name="engine-troubled-120x36", past=engine_room.stumble, keys=("6", "j")),
    Scene(
        name="engine-queue-80x24", size=NARROW, past=engine_room.work, keys=("6", "j", "j", "enter")
    ),
    Scene(name="engine-limit-120x36", past=engine_room.work, keys=("6", "l", "enter", "6", "0")),
    Scene(name="engine-ascii-120x36", past=engine_room.stumble, keys=("6", "j"), ascii=True),
    Scene(
        name="engine-no-color-80x24", size=NARROW, past=engine_room.work, keys=("6",), no_color=True
    ),
    Scene(name="engine-light-120x36", past=engine_room.work, keys=("6",), theme="tfui-light"),
    Scene(name="engine-none-120x36", cast=_NOBODY, keys=("6",)),
    Scene(name="one-cause-80x24", size=NARROW, past=engine_room.an_outage),
    Scene(name="one-cause-120x36", past=engine_room.an_outage, keys=("exclamation_mark",)),
    Scene(name="crowded-80x24", size=NARROW, cast=stage.CROWDED, past=stage.overlap),
    Scene(
        name="crowded-120x36",
        cast=stage.CROWDED,
        past=stage.overlap,
        keys=("exclamation_mark",),
    ),
    Scene(name="missed-80x24", size=NARROW, cast=_WELL, past=stage.oversleep),
    Scene(name="triage-80x24", size=NARROW, past=stage.oversleep, keys=("m", "space")),
    Scene(name="triage-120x36", past=stage.oversleep, keys=("m", "space", "space")),
    Scene(name="triage-200x50", size=WIDE, past=stage.oversleep, keys=("m",)),
    Scene(name="triage-asks-120x36", past=stage.oversleep, keys=("m", "A")),
    Scene(name="triage-left-80x24", size=NARROW, past=stage.oversleep, keys=("m", "L")),
    Scene(name="run-past-80x24", size=NARROW, keys=(*_BACKUP, *_RUNS, *"jjjjjjjjjjjj", "R")),
    Scene(name="run-past-120x36", keys=("R",)),
    Scene(name="run-past-200x50", size=WIDE, keys=("R",)),
    Scene(name="triage-empty-80x24", size=NARROW, cast=_WELL, keys=("m",)),
    Scene(name="triage-unplanned-120x36", past=stage.abandon, keys=("m",)),
    Scene(
        name="triage-ascii-80x24",
        size=NARROW,
        past=stage.oversleep,
        keys=("m", "space"),
        ascii=True,
    ),
    Scene(name="triage-light-120x36", past=stage.oversleep, keys=("m",), theme="tfui-light"),
    Scene(name="too-small-50x12", size=(50, 12)),
)
"""Every picture there is."""
