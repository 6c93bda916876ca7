"""The actions of the editor and of the dialogs that lie over a view: none is in the palette."""

from __future__ import annotations

from functools import partial

from tfui.ui.action import Where, action

_X, _B, _T = Where.EDITOR, Where.DIFFERENCES, Where.TRIAGE
_D, _A, _U, _Q, _W = Where.DIALOG, Where.ASKED, Where.UNSAVED, Where.QUITTING, Where.WELCOME
_S, _C = Where.SORTING, Where.COPYING

_act = partial(action, in_palette=False)

DIALOG_ACTIONS = (
    _act(
        "editor.save", "ctrl+s f2", "save", "save", "Save the schedule", _X, rank=10,
        writes=True, priority=True,
    ),
    _act("editor.presets", "f4", "presets", "presets", "Choose from common schedules", _X, rank=20),
    _act(
        "editor.try", "f5", "try", "test run",
        "Run it now as typed, off the record; or end that", _X, rank=15,
    ),
    _act("editor.text", "f7", "text", "$EDITOR", "Edit all fields as TOML in $EDITOR", _X, rank=25),
    _act("editor.quieter", "f6", "quieter", "quieter minute", "Move it to the quieter minute that is offered", _X),
    _act("editor.more", "f3", "more", "more", "Show the rest of the preview, then its beginning again", _X),
    _act("editor.close", "escape", "close", "close", "Leave the editor; asks when something is unsaved", _X, rank=30),
    _act("merge.theirs", "left h", "pick('theirs')", "theirs", "Take their version of the field", _B),
    _act("merge.mine", "right l", "pick('mine')", "mine", "Take your version of the field", _B),
    _act("merge.theirs.all", "t", "pick_all('theirs')", "all theirs", "Take their version of every field", _B),
    _act("merge.mine.all", "m", "pick_all('mine')", "all mine", "Take your version of every field", _B),
    _act("merge.go", "enter", "go_on", "go on", "Go on editing with what is taken", _B),
    _act("missed.latest", "l", "run_latest('chosen')", "latest", "Run the newest missed run of the chosen schedules, waive the others", _T),
    _act("missed.latest.all", "L", "run_latest('all')", "latest of all", "Run the newest missed run of every schedule, waive the others", _T),
    _act("missed.all", "a", "run_all('chosen')", "all", "Run what the chosen schedules missed, up to their max_catchup", _T),
    _act("missed.all.all", "A", "run_all('all')", "all of all", "Run what every schedule missed, up to its max_catchup", _T),
    _act("missed.waive", "w", "waive('chosen')", "waive", "Waive what the chosen schedules missed", _T),
    _act("missed.waive.all", "W", "waive('all')", "waive all", "Waive what every schedule missed", _T),
    _act("missed.mark", "space", "mark", "mark", "Mark a schedule that missed runs", _T),
    _act("dialog.close", "escape", "close", "back", "Go back, and change nothing", _D),
    _act("ask.no", "n", "answer('ask.no')", "no", "Leave everything as it is", _A),
    _act("ask.yes", "y", "answer('ask.yes')", "yes", "Do what is asked about", _A),
    _act("ask.resume", "r", "answer('ask.resume')", "resume", "Resume, where pausing is offered too", _A),
    _act("ask.detach", "d", "answer('ask.detach')", "detach", "Delete it, and free what comes after it", _A),
    _act("ask.all", "a", "answer('ask.all')", "all", "Delete it, and all that comes after it", _A),
    _act("unsaved.keep", "k", "answer('unsaved.keep')", "keep", "Go on editing", _U),
    _act("unsaved.save", "s", "answer('unsaved.save')", "save", "Save it", _U),
    _act("unsaved.later", "n", "answer('unsaved.later')", "later", "Leave the draft for another time", _U),
    _act("unsaved.restore", "g", "answer('unsaved.restore')", "restore", "Go on with the draft", _U),
    _act("unsaved.discard", "d", "answer('unsaved.discard')", "discard", "Throw it away", _U),
    _act("unsaved.again", "e", "answer('unsaved.again')", "edit", "Mend the text in $EDITOR", _U),
    _act("unsaved.leave", "l", "answer('unsaved.leave')", "leave", "Leave, and lose the text", _U),
    _act("quit.stay", "s", "answer('quit.stay')", "stay", "Do not quit", _Q),
    _act("quit.wait", "w", "answer('quit.wait')", "wait", "Quit when the jobs have ended", _Q),
    _act("quit.hand_back", "h", "answer('quit.hand_back')", "hand back", "Stop the jobs; the next engine runs them again", _Q),
    _act("quit.cancel", "c", "answer('quit.cancel')", "cancel", "Stop the jobs for good, and quit", _Q),
    _act("welcome.empty", "e", "answer('welcome.empty')", "empty", "Begin with nothing", _W),
    _act("welcome.import", "i", "answer('welcome.import')", "import", "Import the crontab; shown first", _W),
    _act("welcome.demo", "d", "answer('welcome.demo')", "demo", "Look at a demo", _W),
    _act("sort.status", "s", "take('status')", "status", "Worst first", _S),
    _act("sort.name", "n", "take('name')", "name", "By name", _S),
    _act("sort.next", "x", "take('next')", "next", "Soonest first", _S),
    _act("sort.last", "l", "take('last')", "last", "Longest ago first", _S),
    _act("sort.runs", "r", "take('runs')", "runs", "By number of runs", _S),
    _act("sort.queue", "q", "take('queue')", "queue", "By queue", _S),
    _act("sort.type", "t", "take('type')", "type", "Once, recurring, cron", _S),
    _act("sort.priority", "p", "take('priority')", "priority", "By priority", _S),
    _act("sort.created", "c", "take('created')", "created", "By age", _S),
    _act("copy.name", "n", "take('name')", "name", "Copy its name", _C),
    _act("copy.id", "i", "take('id')", "id", "Copy its id", _C),
    _act("copy.expression", "e", "take('expression')", "expression", "Copy when it runs", _C),
    _act("copy.command", "c", "take('command')", "command", "Copy what it runs", _C),
    _act("copy.json", "j", "take('JSON')", "JSON", "Copy all of it as JSON", _C),
    _act("copy.line", "l", "take('command line')", "command line", "Copy the command line that adds it", _C),
)  # fmt: skip
"""In the order the help shows them."""
