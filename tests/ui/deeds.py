"""What every action of the registry is seen to do: in journeys, each one dashboard and a row of steps.

A step presses the action's own key in its place and names what must then be there that was not
before. An action without a step makes the test fail that plays these.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.ui import engine_room, record, stage, ties
from tests.ui.editor_desk import BILLING
from tests.ui.rush import RUSH
from tests.ui.scenes import MID, NARROW, typed
from tests.ui.scenes_editor import NEWER
from tfui.ui import copying
from tfui.ui.filters import SORTS
from tfui.ui.keys import ACTIONS, Where
from tfui.ui.merging import Pick, Version
from tfui.ui.screens.asking import Answer, Ask
from tfui.ui.screens.editor_differences import DifferencesScreen
from tfui.ui.screens.menu import MenuScreen
from tfui.ui.screens.sorting import SortScreen
from tfui.ui.widgets.difference_list import DifferenceList
from tfui.ui.widgets.line_list import LineList
from tfui.ui.widgets.log_view import LogView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from textual.screen import Screen

    from tests.ui.stage import Part
    from tfui.store.connection import Store
    from tfui.ui.app import TfuiApp


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One action's key, and one thing that comes of it."""

    action: str
    sees: str = ""
    """A text that comes onto the screen."""
    gone: str = ""
    """A text that leaves it."""
    opens: str = ""
    """The class of the screen that lies on top then."""
    focus: str = ""
    """The id of what has the keys then."""
    holds: Callable[[TfuiApp], bool] | None = None
    """What is true then, where it does not show."""
    asked: Callable[[], Screen[Any]] | None = None
    """A dialog to lie on top first."""
    gives: str = ""
    """What that dialog gives then."""
    before: tuple[str, ...] = ()
    """Keys that lead to the place."""
    after: tuple[str, ...] = ()
    """Keys that lead back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One dashboard and what is done in it."""

    name: str
    steps: tuple[Step, ...]
    cast: Sequence[Part] = stage.CAST
    past: Callable[[Store], None] | None = None
    size: tuple[int, int] = MID
    laid_on_top: Callable[[], Screen[Any]] | None = None
    """A dialog that needs more than keys to come about."""
    filters: dict[str, str] = field(default_factory=dict)


EDITED = "edited"
"""The file that the $EDITOR of these journeys leaves behind."""

_ESC = ("escape",)


def step(action: str, sees: str = "", **more: object) -> Step:
    """Make a step; most are seen by a text."""
    return Step(action=action, sees=sees, **more)  # type: ignore[arg-type]  # they are Step's own


def _cursor(row: int) -> Callable[[TfuiApp], bool]:
    return lambda app: app.screen.query_one("#schedules", LineList).cursor == row


def _theme(app: TfuiApp) -> bool:
    return app.theme == "tfui-light"


def _was_in_an_editor(_app: TfuiApp) -> bool:
    return Path(EDITED).exists()


def _has_left(app: TfuiApp) -> bool:
    return app._exit


def _word(name: str) -> str:
    return name.rpartition(".")[2]


def _question(*names: str) -> Screen[Any]:
    return Ask("A question", "", [Answer(_word(name), name, name) for name in names])


def _answers() -> Iterator[Step]:
    """Answer every question in every way."""
    for place in (Where.ASKED, Where.UNSAVED, Where.QUITTING, Where.WELCOME):
        names = [action.id for action in ACTIONS if action.where is place]
        for name in names:
            # Another answer stands first, so that what is given is not what closing gives.
            others = [each for each in names if each != name]
            yield step(name, asked=partial(_question, *others, name), gives=_word(name))


def _sorts() -> Iterator[Step]:
    for sort in SORTS:
        yield step(f"sort.{sort}", asked=partial(SortScreen, "name"), gives=sort)


def _copies() -> Iterator[Step]:
    texts = dict.fromkeys(("name", "id", "expression", "command", "JSON", "command line"), "text")
    for item in copying.items(texts):
        menu = partial(MenuScreen, "Copy", copying.items(texts))
        yield step(item.action, asked=menu, gives=item.gives)


def _conflict() -> Screen[Any]:
    mine = replace(BILLING, priority=1, schedule_expression="30 3 * * *")
    return DifferencesScreen(Version(BILLING), NEWER, Version(mine), ascii=False)


def _of_cursor(app: TfuiApp) -> Pick | None:
    found = app.screen.query_one(DifferenceList)
    return found.picks.get(found.current.key)


def _all(app: TfuiApp) -> set[Pick]:
    return set(app.screen.query_one(DifferenceList).picks.values())


JOURNEYS = (
    Journey(
        name="everywhere",
        steps=(
            step("help", opens="HelpScreen", after=_ESC),
            step("palette", opens="CommandPalette", after=_ESC),
            step("theme", holds=_theme, after=("T",)),
            step("screenshot", "Saved "),
            step("view.forecast", "a cell 15 min"),
            step("view.runs", "what happened"),
            step("view.graph", "stand alone"),
            step("view.audit", "chain verified"),
            step("view.engine", "Store and clock"),
            step("view.schedules", "Overview"),
            step("jump", opens="JumpScreen", after=_ESC),
            step("zone", "01:30 +00:00"),
            step("problems", gone="21 of 21"),
            step("missed", opens="TriageScreen"),
        ),
    ),
    Journey(name="quit", steps=(step("quit", holds=_has_left),)),
    Journey(
        name="quit while typing",
        steps=(step("quit.always", before=("slash", "x"), holds=_has_left),),
    ),
    Journey(
        name="moving",
        steps=(
            step("down", holds=_cursor(1)),
            step("up", holds=_cursor(0)),
            step("last", holds=_cursor(20)),
            step("first", holds=_cursor(0)),
            step("half.down", holds=lambda app: not _cursor(0)(app)),
            step("half.up", holds=_cursor(0)),
            step("page.down", holds=lambda app: not _cursor(0)(app)),
            step("page.up", holds=_cursor(0)),
        ),
        size=NARROW,
    ),
    Journey(
        name="the list",
        filters={"mine": "sync"},
        steps=(
            step("filter", focus="filter", after=(*typed("sync"), "enter")),
            step("close", "21 of 21"),
            step("segment", "[ok]", after=("f",) * 4),
            step("sort", opens="SortScreen", after=("n",)),
            step("sort.flip", "▾"),
            step("mark", "1 marked"),
            step("mark.range", "3 marked", before=("j",)),
            step("mark.all", "21 marked", after=_ESC),
            step("menu", opens="MenuScreen", after=_ESC),
            step("copy", "Copy from", after=_ESC),
            step("filters.saved", opens="ChooseScreen", after=_ESC),
            step("inspect", opens="InspectScreen", after=_ESC),
            step("zoom", gone="Overview", after=("plus",)),
            step("open", gone="⏎ open"),
            step("tab.next", gone="success "),
            step("tab.previous", "success "),
        ),
    ),
    Journey(
        name="acts on a schedule",
        steps=(
            step("pause", "Paused billing-export"),
            step("undo", "Undid"),
            step("redo", "Redid"),
            step("pause.until", opens="PauseScreen", after=_ESC),
            step("run", "Started billing-export"),
            step("run.past", opens="RunScreen", after=_ESC),
            step("delete", opens="Ask", after=("n",)),
            step("move", opens="ChooseScreen", after=_ESC),
            step("set.zone", opens="ChooseScreen", after=_ESC),
            step("cancel", opens="Ask", after=("n",)),
            step("edit.text", holds=_was_in_an_editor),
            step("add", opens="EditorScreen", after=_ESC),
            step("edit", opens="EditorScreen", after=_ESC),
            step("import", opens="ImportScreen", after=_ESC),
            step("duplicate", "billing-export-copy"),
        ),
    ),
    Journey(
        name="a failed run of a schedule",
        steps=(
            step(
                "run.retry",
                "again",
                before=("enter", "right_square_bracket", "right_square_bracket"),
            ),
        ),
    ),
    Journey(
        name="the record",
        past=record.live,
        steps=(
            step("audit.filter", focus="audit-filter", before=("5",), after=("escape",)),
            step("audit.open", focus="audit-detail", before=("j", "j"), after=("escape",)),
            step("audit.revert", "Reverted"),
            step("audit.reveal", sees="Overview", before=("j", "j", "j")),
        ),
    ),
    Journey(
        name="missed runs",
        past=stage.oversleep,
        steps=(
            step("missed.mark", "▌", before=("m",), after=("space",)),
            step("missed.latest", "12 schedules missed"),
            step("missed.all", "Start", after=("n",)),
            step("missed.waive", "11 schedules missed"),
            step("missed.all.all", opens="Ask", after=("n",)),
            step("missed.latest.all", gone="11 schedules missed"),
        ),
    ),
    Journey(
        name="missed runs, all waived",
        past=stage.oversleep,
        steps=(step("missed.waive.all", gone="13 schedules missed", before=("m",)),),
    ),
    Journey(
        name="the forecast",
        cast=RUSH,
        steps=(
            step("forecast.right", "09:15–09:30", before=("2",)),
            step("forecast.left", "09:00–09:15"),
            step("forecast.in", "12 h, a cell 10 min"),
            step("forecast.out", "24 h, a cell 15 min"),
            step("forecast.later", gone="Mon 05 Jan 05:00"),
            step("forecast.earlier", "Mon 05 Jan 05:00"),
            step("forecast.peak", "01:30–01:45"),
            step("forecast.now", "09:00–09:15"),
            step("forecast.open", "runs on time", before=("0", "right")),
            step("forecast.inspect", opens="InspectScreen", after=("escape", "escape")),
            step("forecast.add", opens="EditorScreen", before=("right",)),
        ),
    ),
    Journey(
        name="a quiet day",
        cast=tuple(p for p in stage.CAST if p.name in {"db-backup", "fx-rates", "vat-return"}),
        steps=(step("forecast.quiet", "0 starts", before=("2", "b")),),
    ),
    Journey(
        name="the graph",
        cast=ties.FAMILY,
        steps=(
            step("graph.right", "after   ► db-backup", before=("4",)),
            step("graph.left", "after   nothing"),
            step("graph.around", gone="thumbnail-gc"),
            step("graph.open", sees="Overview"),
        ),
    ),
    Journey(
        name="the engine room",
        past=engine_room.work,
        steps=(
            step("queue.pause", "Paused the queue bulk", before=("6",)),
            step("queue.pause.until", opens="PauseScreen", before=("p",), after=_ESC),
            step("queue.concurrency", opens="NumberScreen", after=_ESC),
            step("queue.limit", "Limit the starts of which job type?", after=_ESC),
        ),
    ),
    Journey(
        name="a queue",
        past=engine_room.work,
        size=NARROW,
        steps=(step("queue.open", "esc back", before=("6",)),),
    ),
    Journey(
        name="the runs",
        steps=(
            step("runs.filter", focus="runs-filter", before=("3",), after=_ESC),
            step("runs.mark", "1 marked", after=("space",)),
            step("runs.inspect", opens="InspectScreen", after=_ESC),
            step("runs.cancel", opens="Ask", before=("j",), after=("n",)),
            step("runs.segment", "[ok]", after=("f", "escape")),
            step("runs.retry", "Trying again: the job of cert-expiry-check", before=("g",)),
            step("runs.open", "attempt"),
            step("runs.zoom", gone="what happened", after=("plus",)),
            step("runs.schedule", sees="Overview", before=_ESC),
        ),
    ),
    Journey(
        name="a log",
        cast=tuple(part for part in stage.CAST if part.name == "risk-recompute"),
        steps=(
            step(
                "log.search",
                sees="find in the log",
                before=("3", "enter"),
                after=(*typed("LIO 3"), "enter"),
            ),
            step("log.next", "match 1/3"),
            step("log.previous", "match 3/3", after=_ESC),
            step("log.times", "09:00:48 portfolio"),
            step("log.save", "Saved "),
            step("log.copy", "Copied "),
            step("log.follow", "Standing still"),
            step("log.wrap", holds=lambda app: app.screen.query_one(LogView).wraps),
        ),
    ),
    Journey(
        name="the editor",
        cast=(stage.CAST[0], replace(stage.CAST[0], name="twin")),
        steps=(
            step("editor.presets", opens="PresetsScreen", before=("e",), after=_ESC),
            step("editor.try", "Test run", after=_ESC),
            step("editor.quieter", "29 2 * * 1-5"),
            step("editor.text", holds=_was_in_an_editor),
            step("editor.save", opens="MainScreen"),
            step("editor.close", opens="MainScreen", before=("e",)),
        ),
    ),
    Journey(
        name="the editor where there is little room",
        size=NARROW,
        steps=(step("editor.more", gone="At 02:30", before=("e",)),),
    ),
    Journey(
        name="changed on both sides",
        laid_on_top=_conflict,
        steps=(
            step("merge.mine", holds=lambda app: _of_cursor(app) is Pick.MINE),
            step("merge.theirs", holds=lambda app: _of_cursor(app) is Pick.THEIRS),
            step("merge.mine.all", holds=lambda app: _all(app) == {Pick.MINE}),
            step("merge.theirs.all", holds=lambda app: _all(app) == {Pick.THEIRS}),
            step("merge.go", opens="MainScreen"),
        ),
    ),
    Journey(
        name="questions and menus",
        steps=(
            step("dialog.close", asked=partial(_question, "ask.no", "ask.yes"), gives="no"),
            *_answers(),
            *_sorts(),
            *_copies(),
        ),
    ),
)
"""Every action once, with what it is seen to do."""
