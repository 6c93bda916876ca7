"""One evening with the dashboard in a tmux, by keys alone; then the command line tells what is stored."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.tmux import TMUX, Pane

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(TMUX is None, reason="no tmux is installed")
TFUI = (sys.executable, "-m", "tfui")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TFUI_DB": str(tmp_path / "tfui.db"),
    }


@pytest.fixture
def pane(environment: dict[str, str]) -> Iterator[Pane]:
    with Pane(environment, size=(120, 36)) as found:
        yield found


def _told(environment: dict[str, str], *words: str) -> Any:
    """Give what a command says as JSON."""
    found = subprocess.run(
        [*TFUI, *words, "--json"], env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(found.stdout)


def test_what_was_done_by_keys_is_what_the_screen_said_and_the_store_holds(
    pane: Pane, environment: dict[str, str]
) -> None:
    _start(pane)
    _add(pane)
    _watch(pane)
    _edit(pane)
    _pause_and_undo(pane)
    _go_back_and_forth(pane)
    _delete_and_restore(pane)
    ran = _read_the_ledger_on_a_smaller_screen(pane)
    _quit(pane)

    (listed,) = _told(environment, "list")["jobs"]
    jobs = _told(environment, "jobs")
    ledger = _told(environment, "ledger", "greeter")
    assert (listed["schedule_expression"], listed["status"]) == ("1h", "active")
    assert listed["runs_count"] == len(jobs) == ledger["planned"] == ledger["ran"] == ran
    assert {job["status"] for job in jobs} == {"succeeded"}
    assert len({job["nominal_at"] for job in jobs}) == ran
    assert (ledger["pending"], ledger["skipped"], ledger["holds"]) == (0, {}, True)
    verbs = [entry["verb"] for entry in reversed(_told(environment, "audit"))]
    assert [verb for verb in verbs if verb.startswith("schedule.")] == [
        "schedule.created",
        "schedule.edited",
        "schedule.paused",
        "schedule.resumed",
        "schedule.edited",
        "schedule.edited",
        "schedule.deleted",
        "schedule.restored",
    ]


def _start(pane: Pane) -> None:
    """Start it in a shell that has written something before; answer what a newcomer is asked."""
    pane.type("echo before-$((6 * 7))\n")
    pane.sees("before-42")
    pane.type(f"{' '.join(TFUI)}; echo left-with-$?\n")
    pane.sees("How would you like to begin?")
    assert pane.is_on_the_alternate_screen()
    pane.press("e")
    pane.sees_no_more("How would you like to begin?")  # the list stands behind it already
    pane.sees("a add one")


def _add(pane: Pane) -> None:
    """Add a schedule that greets every two seconds."""
    pane.press("a")
    pane.sees("Add a schedule")
    pane.type("greeter")
    pane.press("Tab", "Right")
    pane.sees("Every")
    pane.press("Tab")
    pane.type("2s")
    pane.sees("Every 2 seconds")
    pane.press(*["Tab"] * 5)
    pane.type("echo hello-$TFUI_ATTEMPT")
    pane.press("Tab")
    pane.sees(
        "absolute path to run in"
    )  # the key that saves overtakes what is typed right before it
    pane.press("C-s")
    pane.sees("every 2s")
    pane.sees("1/1 on")


def _watch(pane: Pane) -> None:
    """Open the log and see what is printed at this moment; go back to the list."""
    pane.press("Enter", "[")
    pane.sees("hello-1")
    _go_back(pane)


def _go_back(pane: Pane) -> None:
    pane.sees("esc back")
    pane.press("Escape")
    pane.sees_no_more("esc back")  # an escape that a key follows at once is another key


def _edit(pane: Pane) -> None:
    """Have it greet every hour instead: from here on nothing runs."""
    pane.press("e")
    pane.sees("Edit greeter")
    pane.press("Tab", "Tab")
    pane.sees("when it fires")
    pane.press("BSpace", "BSpace")
    pane.sees("a duration is missing")
    pane.type("1h")
    pane.sees("Every hour")
    pane.press("C-s")
    pane.sees("every 1h")


def _pause_and_undo(pane: Pane) -> None:
    pane.press("p")
    pane.sees("⊝ greeter")
    pane.press("z")
    pane.sees("✓ greeter")


def _go_back_and_forth(pane: Pane) -> None:
    """Undo the edit, too, and do it again."""
    pane.press("z")
    pane.sees("every 2s")
    pane.press("Z")
    pane.sees("every 1h")


def _delete_and_restore(pane: Pane) -> None:
    pane.press("D")
    pane.sees("Cancel")
    pane.press("y")
    pane.sees("Nothing scheduled yet")
    pane.press("z")
    pane.sees("✓ greeter")


def _read_the_ledger_on_a_smaller_screen(pane: Pane) -> int:
    """Give how many runs there were, as the screen of another size has them."""
    pane.resize(80, 24)
    pane.sees("filter by name or tag")
    pane.press("Enter", "[", "[")  # two tabs before the log, which was left in front
    pane.sees("planned")
    shown = pane.text()
    _go_back(pane)
    found = re.search(r"planned (\d+) = ran \1 \+ skipped 0 \+ pending 0", shown)
    assert found, shown
    return int(found[1])


def _quit(pane: Pane) -> None:
    """Leave by q, and find the shell as it was."""
    pane.press("q")
    pane.sees("left-with-0")
    assert not pane.is_on_the_alternate_screen()
    pane.sees("before-42")
    pane.type("echo again-$((6 * 7))\n")
    pane.sees("again-42")
