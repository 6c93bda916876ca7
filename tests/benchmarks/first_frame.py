"""From the start of the process to the first frame, and to the first real rows, on a real terminal.

Each side is a process on a pseudo-terminal of 120 by 36, in turns: `tfui --no-engine` on a store of
150 schedules, and the smallest Textual app there is. Seconds until the given text was written.
`--posting` names the program of posting, a large Textual app, installed elsewhere with its own Textual;
our first real rows are held against its first frame.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.measure import a_store, folder, report, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

TRIVIAL = """
from textual.app import App
from textual.widgets import Static
class Trivial(App):
    def compose(self):
        yield Static("hello there")
Trivial().run()
"""
LONGEST = 60.0  # seconds before a side is given up


class Moment(NamedTuple):
    """When a text was written, counted from the start of its process."""

    seconds: float
    cpu: float
    """Seconds of a processor that were spent: the same on a busy machine."""


def spent(process: int) -> float:
    """Give the seconds of a processor that a process's threads have spent."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9


@contextmanager
def on_terminal(
    command: list[str], environment: dict[str, str], *, rows: int = 36
) -> Iterator[tuple[int, int]]:
    """Run a command on a terminal of 120 columns; give its process and the terminal, and end it."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(command[0], command, environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 120, 0, 0))
    try:
        yield child, terminal
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


def until(command: list[str], environment: dict[str, str], *texts: str) -> list[Moment]:
    """Run a command on a terminal; give when each text was written, then end it."""
    begun = time.perf_counter()
    written = b""
    found: list[Moment] = []
    with on_terminal(command, environment) as (child, terminal):
        for text in texts:
            while text.encode() not in written:
                if time.perf_counter() - begun > LONGEST:
                    raise TimeoutError(f"{text!r} was not written: {written[-300:]!r}")
                if select.select([terminal], [], [], 1)[0]:
                    written += os.read(terminal, 65_536)
            found.append(Moment(time.perf_counter() - begun, spent(child)))
    return found


def fill(path: Path) -> None:
    """Make the store that is opened."""
    from tests.ui import stage
    from tests.ui.play import an_app

    with a_store(path) as store:
        an_app(store, cast=stage.a_crowd(150))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--posting", help="the path of posting's program")
    options = parser.parse_args()
    taken: dict[str, list[Moment]] = {"tfui": [], "rows": [], "trivial": [], "posting": []}
    with folder() as place:
        path = place / "tfui.db"
        fill(path)
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TFUI_", "PYTHON"))  # compiled files are kept, as everywhere
        } | {"TERM": "xterm-256color", "XDG_STATE_HOME": str(place), "XDG_CONFIG_HOME": str(place)}
        dashboard = [sys.executable, "-m", "tfui", "--no-engine", "--db", str(path)]
        trivial = [sys.executable, "-c", TRIVIAL]
        for _ in range(options.rounds + 1):
            frame, rows = until(dashboard, environment, "Schedules", "tenant-000")
            taken["tfui"].append(frame)
            taken["rows"].append(rows)
            taken["trivial"] += until(trivial, environment, "hello there")
            if options.posting:
                there = environment | {"HOME": str(place)}
                taken["posting"] += until([options.posting], there, "Collection")
    measured = {
        name: moments[1:] for name, moments in taken.items() if moments
    }  # the first warms up
    compared = {"first_frame_over_trivial": ("tfui", "trivial")}
    if options.posting:
        compared["first_rows_over_posting"] = ("rows", "posting")
    report(
        "first_frame",
        {"rounds": options.rounds},
        ["textual"],
        seconds={
            name: spread([at.seconds for at in moments]) for name, moments in measured.items()
        },
        cpu={name: spread([at.cpu for at in moments]) for name, moments in measured.items()},
        ratios={
            name + suffix: spread(
                [
                    getattr(a, what) / getattr(b, what)
                    for a, b in zip(measured[one], measured[other], strict=True)
                ]
            )
            for name, (one, other) in compared.items()
            for suffix, what in (("", "seconds"), ("_cpu", "cpu"))
        },
    )


if __name__ == "__main__":
    main()
