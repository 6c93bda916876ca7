"""Every action of the dashboard once: its id, its keys, its words. What is not here has no key.

Bindings, the footer, the help screen and the palette are all made from this list, so none of them
can promise a key that another does not know. Ids are what a user's key map speaks of.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding


class Where(StrEnum):
    """The place in which an action's keys are live; its value heads that part of the help."""

    EVERYWHERE = "Everywhere"
    VIEWS = "All views"
    SCHEDULES = "Schedules"
    MOVING = "Moving in a list"
    AUDIT = "Record of changes"
    TRIAGE = "Missed runs"
    DETAIL = "Detail"
    FORECAST = "Forecast"
    CELLS = "Moving in the forecast"
    GRAPH = "Graph"
    WAYS = "Moving in the graph"
    RUNS = "Runs"
    LOG = "Log"
    LOGS = "Log of the runs"
    ENGINE = "Engine and queues"
    EDITOR = "Editor"

    DIFFERENCES = "Changed on both sides"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a person can do with a key."""

    id: str
    keys: tuple[str, ...]
    """As Textual names them; the first is the one that is shown."""
    does: str
    """The Textual action, `pause` for `action_pause`."""
    word: str
    """One or two words for the footer."""
    help: str
    """One line for the help and the palette, in the imperative."""
    where: Where
    rank: int = 0
    """Place in the footer, 1 first; 0 is never shown there."""
    writes: bool = False
    """Whether it changes anything; such keys are dead when read-only."""
    in_palette: bool = True
    priority: bool = False
    """Whether it is live while something is being typed."""


def _action(
    id: str,  # noqa: A002  # it is the field's own name
    keys: str,
    does: str,
    word: str,
    help: str,  # noqa: A002  # it is the field's own name
    where: Where,
    *,
    rank: int = 0,
    writes: bool = False,
    in_palette: bool = True,
    priority: bool = False,
) -> Action:
    return Action(
        id=id,
        keys=tuple(keys.split()),
        does=does,
        word=word,
        help=help,
        where=where,
        rank=rank,
        writes=writes,
        in_palette=in_palette,
        priority=priority,
    )


_E, _V, _S, _M = Where.EVERYWHERE, Where.VIEWS, Where.SCHEDULES, Where.MOVING
_D, _L, _X = Where.DETAIL, Where.LOG, Where.EDITOR
_R, _O = Where.RUNS, Where.LOGS
_B = Where.DIFFERENCES
_A = Where.AUDIT
_T = Where.TRIAGE
_F, _C = Where.FORECAST, Where.CELLS
_G, _W = Where.GRAPH, Where.WAYS
_N = Where.ENGINE

ACTIONS: tuple[Action, ...] = (
    _action("help", "question_mark f1", "help", "help", "Show every key", _E, rank=10),
    _action(
        "palette", "ctrl+p colon", "command_palette", "palette", "Find any action by name", _E,
        rank=900, in_palette=False,
    ),
    _action("quit", "q", "quit", "quit", "Quit; asks when jobs are running", _E, rank=800),
    _action(
        "quit.always", "ctrl+q", "quit", "quit", "Quit, also while typing", _E,
        in_palette=False, priority=True,
    ),
    _action("view.schedules", "1", "view('schedules')", "schedules", "Go to the schedules", _V),
    _action("view.forecast", "2", "view('forecast')", "forecast", "Go to the forecast: what is coming", _V),
    _action("view.runs", "3", "view('runs')", "runs", "Go to the runs of all schedules, and their logs", _V),
    _action("view.graph", "4", "view('graph')", "graph", "Go to the graph: what comes after what", _V),
    _action("view.audit", "5", "view('audit')", "record", "Go to the record of changes", _V),
    _action("view.engine", "6", "view('engine')", "engine", "Go to the engines, their queues and the store", _V),
    _action("jump", "ctrl+o", "jump", "jump", "Go to a part of the screen by its letter", _V),
    _action("zone", "t", "cycle_zone", "zone", "Show times in the schedule's zone, local or UTC", _V),
    _action("theme", "T", "toggle_dark", "theme", "Switch between dark and light", _E),
    _action("screenshot", "f8", "save_picture", "screenshot", "Save what is shown as an SVG", _E),
    _action("filter", "slash", "filter", "filter", "Filter the list as you type", _S, rank=20),
    _action("open", "enter", "open", "open", "Open the schedule's detail", _S, rank=30),
    _action("add", "a", "add", "add", "Add a schedule", _S, rank=40, writes=True),
    _action("edit", "e", "edit", "edit", "Edit the schedule", _S, rank=50, writes=True),
    _action("run", "r", "run_now", "run", "Run it now", _S, rank=60, writes=True),
    _action("run.past", "R", "run_past", "run past", "Run with a choice: now, or make up for a past run", _S, writes=True),
    _action("pause", "p", "pause", "pause", "Pause or resume the schedule", _S, rank=70, writes=True),
    _action("edit.text", "E", "edit_text", "edit as text", "Edit the schedule as TOML in $EDITOR", _S, writes=True),
    _action(
        "pause.until", "P", "pause_until", "pause until", "Pause with a note, until a moment", _S,
        writes=True,
    ),
    _action("cancel", "x", "cancel", "cancel", "Cancel its running or waiting jobs", _S, rank=90, writes=True),
    _action("delete", "D", "delete", "delete", "Delete the schedule; can be undone", _S, rank=100, writes=True),
    _action("inspect", "i", "inspect", "why", "Say why it ran, did not run, or waits", _S, rank=85),
    _action("undo", "z ctrl+z", "undo", "undo", "Take back your own last change", _V, rank=80, writes=True),
    _action("missed", "m", "triage", "missed", "Deal with missed runs: run the latest, run all, or waive", _V),
    _action("redo", "Z ctrl+y", "redo", "redo", "Do again what you undid last", _V, writes=True),
    _action("mark", "space", "mark", "mark", "Mark the schedule, for an act on many", _S, rank=35),
    _action("mark.range", "v", "mark_range", "range", "Mark from the last mark to here", _S),
    _action("mark.all", "V", "mark_all", "mark all", "Mark all that the filter lets through, seen or not", _S),
    _action("move", "Q", "move_queue", "queue", "Move to another queue", _S, writes=True),
    _action("set.zone", "C", "set_zone", "set zone", "Have it read the clock of another time zone", _S, writes=True),
    _action("menu", "full_stop", "menu", "more", "Choose from all that can be done here", _S, rank=145, in_palette=False),
    _action("copy", "y c", "copy", "copy", "Copy its name, id, expression, command or JSON", _S),
    _action("duplicate", "Y", "duplicate", "duplicate", "Add a schedule that begins as this one", _S, writes=True),
    _action("filters.saved", "F", "saved_filters", "saved filters", "Choose a saved filter", _S),
    _action("segment", "f", "cycle_segment", "status", "Next status: all, ok, fail, run, off", _S, rank=110),
    _action("problems", "exclamation_mark", "problems", "problems", "Show only problems, or all again", _V),
    _action("sort", "s", "sort", "sort", "Choose the column to sort by", _S, rank=120),
    _action("sort.flip", "S", "flip", "flip", "Turn the sort order over", _S),
    _action("import", "I", "import_crontab", "import", "Import a crontab file", _S, writes=True),
    _action("zoom", "plus underscore", "zoom", "zoom", "Give the focused pane all the room, or take it back", _S, rank=140),
    _action("close", "escape", "close", "back", "Close the detail, then clear the filter", _V, rank=15, in_palette=False),
    _action("audit.filter", "slash", "filter", "filter", "Filter the record: actor: object: verb: since:", _A, rank=20),
    _action("audit.open", "enter", "open", "fields", "Show what changed, field by field", _A, rank=30),
    _action("audit.revert", "z", "revert", "revert", "Take this one change back, as a new entry", _A, rank=40, writes=True),
    _action("audit.reveal", "o", "reveal", "schedule", "Show the schedule it is about in the list", _A, rank=50),
    _action("missed.latest", "l", "run_latest('chosen')", "latest", "Run the newest missed run of the chosen schedules, waive the others", _T, in_palette=False),
    _action("missed.latest.all", "L", "run_latest('all')", "latest of all", "Run the newest missed run of every schedule, waive the others", _T, in_palette=False),
    _action("missed.all", "a", "run_all('chosen')", "all", "Run what the chosen schedules missed, up to their max_catchup", _T, in_palette=False),
    _action("missed.all.all", "A", "run_all('all')", "all of all", "Run what every schedule missed, up to its max_catchup", _T, in_palette=False),
    _action("missed.waive", "w", "waive('chosen')", "waive", "Waive what the chosen schedules missed", _T, in_palette=False),
    _action("missed.waive.all", "W", "waive('all')", "waive all", "Waive what every schedule missed", _T, in_palette=False),
    _action("missed.mark", "space", "mark", "mark", "Mark a schedule that missed runs", _T, in_palette=False),
    _action("down", "j down", "cursor_down", "down", "One down", _M, in_palette=False),
    _action("up", "k up", "cursor_up", "up", "One up", _M, in_palette=False),
    _action("first", "g home", "first", "first", "First", _M, in_palette=False),
    _action("last", "G end", "last", "last", "Last", _M, in_palette=False),
    _action("half.down", "ctrl+d", "half_down", "½ down", "Half a page down", _M, in_palette=False),
    _action("half.up", "ctrl+u", "half_up", "½ up", "Half a page up", _M, in_palette=False),
    _action("page.down", "pagedown", "page_down", "page", "A page down", _M, in_palette=False),
    _action("page.up", "pageup", "page_up", "page", "A page up", _M, in_palette=False),
    _action("tab.next", "right_square_bracket", "tab(1)", "next tab", "Next tab of the detail", _D, rank=150),
    _action("tab.previous", "left_square_bracket", "tab(-1)", "tab", "Previous tab of the detail", _D),
    _action("forecast.open", "enter", "open", "what starts", "List what starts in the cell; open the run or the schedule", _F, rank=30),
    _action("forecast.add", "a", "add", "add here", "Add a schedule at the time of the cell", _F, rank=40, writes=True),
    _action("forecast.inspect", "i", "inspect", "why", "Say why it ran or did not, or what it waits for", _F, rank=50),
    _action("forecast.in", "plus equals_sign", "zoom(1)", "zoom in", "Show a shorter stretch of time", _F, rank=60),
    _action("forecast.out", "minus", "zoom(-1)", "out", "Show a longer stretch of time, up to a week", _F, rank=61),
    _action("forecast.earlier", "h", "pan(-1)", "earlier", "Go back in time", _F, rank=62),
    _action("forecast.later", "l", "pan(1)", "later", "Go on in time", _F, rank=63),
    _action("forecast.now", "0", "now", "now", "Go to the present and stay with it", _F, rank=64),
    _action("forecast.peak", "b", "peak", "busiest", "Put the cursor on the busiest time", _F, rank=65),
    _action("forecast.quiet", "u", "quiet", "quiet", "Put the cursor on the next longest quiet time", _F, rank=66),
    _action("forecast.left", "left", "left", "left", "One cell back in time", _C, in_palette=False),
    _action("forecast.right", "right", "right", "right", "One cell on in time", _C, in_palette=False),
    _action("graph.open", "enter", "open_node", "open", "Show the schedule in the list", _G, rank=30),
    _action("graph.around", "o", "around", "only around", "Show only what leads to it and follows from it, or all", _G, rank=40),
    _action("graph.left", "h left", "left", "before", "Go to what it comes after", _W, rank=50, in_palette=False),
    _action("graph.right", "l right", "right", "after", "Go to what comes after it", _W, rank=51, in_palette=False),
    _action(
        "run.retry", "A", "retry", "again", "Try the failed or cancelled run of the Runs tab again", _D,
        writes=True,
    ),
    _action("queue.open", "enter", "open", "queue", "Show the queue whole: pause, waits, limits", _N, rank=30),
    _action("queue.pause", "p", "pause", "pause", "Pause the queue, or open it again", _N, rank=40, writes=True),
    _action("queue.pause.until", "P", "pause_until", "pause until", "Pause the queue with a note, until a moment", _N, writes=True),
    _action("queue.concurrency", "e", "concurrency", "at once", "Set how many jobs of the queue run at once", _N, rank=50, writes=True),
    _action("queue.limit", "l", "limit", "limit", "Set how many jobs of a type start in a minute", _N, rank=60, writes=True),
    _action("runs.filter", "slash", "filter", "filter", "Filter the runs as you type", _R, rank=20),
    _action("runs.open", "enter", "open", "log", "Open the run's log; all marked runs' side by side", _R, rank=30),
    _action("runs.mark", "space", "mark", "mark", "Mark the run: up to four logs open side by side", _R, rank=35),
    _action("runs.retry", "A", "retry", "again", "Try failed or cancelled runs again", _R, rank=50, writes=True),
    _action("runs.cancel", "x", "cancel", "cancel", "Cancel running or waiting runs", _R, rank=60, writes=True),
    _action("runs.inspect", "i", "inspect", "why", "Say why it ran, did not run, or waits", _R, rank=70),
    _action("runs.schedule", "o", "reveal", "schedule", "Go to the run's schedule", _R, rank=75),
    _action("runs.segment", "f", "cycle_segment", "status", "Next status: all, ok, fail, live, skip", _R, rank=40),
    _action("runs.zoom", "plus underscore", "zoom", "zoom", "Give the logs all the room, or take it back", _R, rank=140),
    _action("log.search", "slash", "search", "find", "Find in the log", _O, rank=20),
    _action("log.next", "n", "match(1)", "next", "Next match", _O, rank=21),
    _action("log.previous", "N", "match(-1)", "previous", "Previous match", _O),
    _action("log.times", "ctrl+t", "times", "times", "Show when each line was printed", _O, rank=22),
    _action("log.save", "s", "save", "save", "Save the log as a file in the present folder", _O, rank=23),
    _action("log.copy", "y", "copy", "copy", "Copy the log", _O, rank=24),
    _action("log.follow", "F", "follow", "follow", "Follow the log, or stand still", _L, rank=11),
    _action("log.wrap", "w", "wrap", "wrap", "Wrap long lines, or cut them", _L, rank=12),
    _action(
        "editor.save", "ctrl+s f2", "save", "save", "Save the schedule", _X, rank=10,
        writes=True, in_palette=False, priority=True,
    ),
    _action(
        "editor.presets", "f4", "presets", "presets", "Choose from common schedules", _X, rank=20,
        in_palette=False,
    ),
    _action(
        "editor.try", "f5", "try", "test run",
        "Run it now, as it is typed and off the record; or end that", _X, rank=15, in_palette=False,
    ),
    _action(
        "editor.text", "f7", "text", "$EDITOR", "Edit all fields as TOML in $EDITOR", _X, rank=25,
        in_palette=False,
    ),
    _action(
        "editor.quieter", "f6", "quieter", "quieter minute",
        "Move it to the quieter minute that is offered", _X, in_palette=False,
    ),
    _action(
        "editor.close", "escape", "close", "close", "Leave the editor; asks when something is unsaved",
        _X, rank=30, in_palette=False,
    ),
    _action("merge.theirs", "left h", "pick('theirs')", "theirs", "Take their version of the field", _B, in_palette=False),
    _action("merge.mine", "right l", "pick('mine')", "mine", "Take your version of the field", _B, in_palette=False),
    _action("merge.theirs.all", "t", "pick_all('theirs')", "all theirs", "Take their version of every field", _B, in_palette=False),
    _action("merge.mine.all", "m", "pick_all('mine')", "all mine", "Take your version of every field", _B, in_palette=False),
    _action("merge.go", "enter", "go_on", "go on", "Go on editing with what is taken", _B, in_palette=False),
    _action("merge.leave", "escape", "leave", "back", "Go back to editing as it was", _B, in_palette=False),
)  # fmt: skip
"""All actions, in the order the help shows them."""

BY_ID = {action.id: action for action in ACTIONS}


def bindings(*places: Where) -> list[Binding]:
    """Make the Textual bindings for everything that can be done in `places`."""
    return [
        Binding(
            ",".join(action.keys),
            action.does,
            action.word,
            show=action.rank > 0,
            id=action.id,
            priority=action.priority,
            key_display=key_name(action),
        )
        for action in ACTIONS
        if action.where in places
    ]


_SYMBOLS = {
    "question_mark": "?",
    "slash": "/",
    "exclamation_mark": "!",
    "colon": ":",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "left": "←",
    "right": "→",
    "underscore": "_",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "full_stop": ".",
    "enter": "⏎",
    "escape": "esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "down": "↓",
    "up": "↑",
    "space": "space",
}
_ASCII = {"⏎": "enter", "↓": "down", "↑": "up", "←": "left", "→": "right", "½": "half"}


def key_name(action: Action, *, ascii: bool = False) -> str:  # noqa: A002  # the option's name
    """Write an action's first key as people read it: `^p`, `?`, `⏎`."""
    return spell(action.keys[0], ascii=ascii)


def spell(key: str, *, ascii: bool = False) -> str:  # noqa: A002  # the option's name
    """Write one of Textual's key names as people read it."""
    *modifiers, name = key.split("+")
    if key == "plus":
        modifiers, name = [], "plus"
    name = _SYMBOLS.get(name, name)
    if name.startswith("f") and name[1:].isdigit():
        name = name.upper()
    if ascii:
        name = _ASCII.get(name, name)
    return "".join("^" if part == "ctrl" else f"{part}-" for part in modifiers) + name
