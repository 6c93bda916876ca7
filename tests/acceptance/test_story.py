"""One evening with the dashboard, by keys alone: add, edit, watch, pause, undo, and find out why."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.terminal import Terminal
from tests.world import eventually

TFUI = str(Path(sys.executable).parent / "tfui")
_PATIENCE = 30.0


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TFUI_DB": str(tmp_path / "tfui.db"),
        "TEXTUAL_ANIMATIONS": "none",
    }


class Evening:
    """Somebody at a terminal, who asks the command line what has become of it."""

    def __init__(self, terminal: Terminal, environment: dict[str, str]) -> None:
        self.terminal = terminal
        self._environment = environment

    def sees(self, text: str) -> None:
        """Wait until something is on the screen."""
        self.terminal.wait_for(text, seconds=_PATIENCE)

    def sees_no_more(self, text: str) -> None:
        """Wait until something is gone from the screen."""
        eventually(
            lambda: text not in self.terminal.text(), seconds=_PATIENCE, what=f"{text!r} to go"
        )

    def told(self, *arguments: str) -> object:
        """Give what a command says as JSON."""
        found = subprocess.run(
            [TFUI, *arguments, "--json"],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return json.loads(found.stdout)

    def status(self) -> str:
        """Give how the schedule stands, by the command line."""
        shown = self.told("show", "greeter")
        assert isinstance(shown, dict)
        return str(shown["detail"]["row"]["status"])

    # What is done

    def begins(self) -> None:
        """Answer the question of the first start."""
        self.sees("How would you like to begin?")
        self.terminal.press("e")
        self.sees_no_more("How would you like to begin?")  # the list stands behind it already
        self.sees("a add one")

    def adds(self) -> None:
        """Add a schedule that greets every two seconds."""
        self.terminal.press("a")
        self.sees("Add a schedule")
        self.terminal.type("greeter")
        self.terminal.press("tab", "right")
        self.sees("Every")
        self.terminal.press("tab")
        self.terminal.type("2s")
        self.sees("Every 2 seconds")
        self.terminal.press(*["tab"] * 5)
        self.terminal.type("echo hello-$TFUI_ATTEMPT")
        self.sees("echo hello-$TFUI_ATTEMPT")
        self.terminal.press("ctrl+s")
        self.sees("next greeter in")

    def watches(self, text: str) -> None:
        """Open the log and see what is printed at this moment; go back to the list."""
        self.terminal.press("enter", "[")
        self.sees(text)
        self.terminal.press("]")
        self.sees("state")
        self.sees("esc back")  # which may come later than the tab: its going is waited for below
        self.terminal.press("escape")
        self.sees_no_more("esc back")  # an escape that a key follows at once is another key

    def edits(self) -> None:
        """Have it greet somebody else, every three seconds."""
        self.terminal.press("e")
        self.sees("Edit greeter")
        self.terminal.press("tab", "tab")
        self.sees("when it fires")
        self.terminal.press("backspace", "backspace")
        self.sees("a duration is missing")
        self.terminal.type("3s")
        self.sees_no_more("not valid now")
        self.sees("Every 3 seconds")
        self.terminal.press("ctrl+s")
        self.sees("every 3s")


def test_a_schedule_is_added_watched_edited_paused_and_brought_back(
    environment: dict[str, str],
) -> None:
    with Terminal([TFUI], environment=environment) as terminal:
        evening = Evening(terminal, environment)
        evening.begins()
        evening.adds()
        evening.watches("hello-1")
        evening.edits()

        terminal.press("p")
        evening.sees("Paused greeter")
        assert evening.status() == "paused"
        terminal.press("z")
        eventually(lambda: evening.status() == "active", seconds=_PATIENCE, what="the undo")
        evening.watches("hello-1")

        terminal.press("z")
        evening.sees("every 2s")
        terminal.press("Z")
        evening.sees("every 3s")

        terminal.press("D")
        evening.sees("Cancel")
        terminal.press("y")
        evening.sees("Nothing scheduled yet")
        terminal.press("z")
        evening.sees_no_more("Nothing scheduled yet")
        evening.sees("greeter")
        terminal.press("q")
        eventually(
            lambda: terminal.has_ended() or "Hand back" in terminal.text(),
            seconds=_PATIENCE,
            what="the end or the question",
        )
        if not terminal.has_ended():
            terminal.press("w")
        assert terminal.wait(seconds=_PATIENCE) == 0
        assert terminal.is_cooked()

    doctor = evening.told("doctor")
    assert isinstance(doctor, list)
    assert [each for each in doctor if each["severity"] == "error"] == []
    record = evening.told("audit")
    assert isinstance(record, list)
    verbs = [entry["verb"] for entry in record if entry["verb"].startswith("schedule.")]
    assert list(reversed(verbs)) == [
        "schedule.created",
        "schedule.edited",
        "schedule.paused",
        "schedule.resumed",
        "schedule.edited",
        "schedule.edited",
        "schedule.deleted",
        "schedule.restored",
    ]
