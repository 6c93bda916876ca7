"""From the start of the process to the first frame, and to the first real rows, on a real terminal.

Each side is a process on a pseudo-terminal of 120 by 36, in turns: `tfui --no-engine` on a store of
150 schedules, and the smallest Textual app there is. Seconds until the given text was written.
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
from typing import TYPE_CHECKING

from tests.benchmarks.measure import a_store, folder, interleaved, ratios, report, spread

if TYPE_CHECKING:
    from pathlib import Path

TRIVIAL = """
from textual.app import App
from textual.widgets import Static
class Trivial(App):
    def compose(self):
        yield Static("hello there")
Trivial().run()
"""
LONGEST = 60.0  # seconds before a side is given up


def until(command: list[str], environment: dict[str, str], *texts: str) -> list[float]:
    """Run a command on a terminal; give the seconds until each text was written, then end it."""
    begun = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.execve(command[0], command, environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    written, found = b"", []
    try:
        for text in texts:
            while text.encode() not in written:
                if time.perf_counter() - begun > LONGEST:
                    raise TimeoutError(f"{text!r} was not written: {written[-300:]!r}")
                if select.select([terminal], [], [], 1)[0]:
                    written += os.read(terminal, 65_536)
            found.append(time.perf_counter() - begun)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)
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
    options = parser.parse_args()
    rows: list[float] = []
    with folder() as place:
        path = place / "tfui.db"
        fill(path)
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("TFUI_")
        } | {"TERM": "xterm-256color", "XDG_STATE_HOME": str(place), "XDG_CONFIG_HOME": str(place)}

        def dashboard() -> float:
            command = [sys.executable, "-m", "tfui", "--no-engine", "--db", str(path)]
            frame, first_row = until(command, environment, "Schedules", "tenant-000")
            rows.append(first_row)
            return frame

        def trivial() -> float:
            return until([sys.executable, "-c", TRIVIAL], environment, "hello there")[0]

        figures = interleaved({"tfui": dashboard, "trivial": trivial}, options.rounds)
    report(
        "first_frame",
        {"rounds": options.rounds},
        ["textual"],
        seconds={name: spread(values) for name, values in figures.items()}
        | {"tfui_rows": spread(rows[1:])},
        ratio=ratios(figures, "tfui")["trivial"],
    )


if __name__ == "__main__":
    main()
