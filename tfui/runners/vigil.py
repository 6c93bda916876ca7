"""The process that outlives its engine by a moment, to end the commands which that leaves behind.

Its stdin says `+GROUP` when a command has started and `-GROUP` when one has ended; the end of stdin
is the engine's end, whichever way that came. It is run as a file by a bare interpreter and imports
nothing of tfui. The engine's side of it is the guardian.
"""

from __future__ import annotations

import os
import signal
import sys
import time

READ = 64 * 1024  # what a pipe holds on Linux
GATHER = 0.02
"""Seconds between two readings: short commands are then begun and ended in one, at no cost."""

Starts = dict[int, bytes | None]
"""Process groups, each with the moment its leader started, where that can be told."""


def main() -> None:
    """Listen until the engine ends; then end what it left behind."""
    # Whoever ends the engine in good order may tell every process around it to end; the engine
    # still has commands to look after then.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    end(listen(sys.stdin.fileno()), grace=float(sys.argv[1]))


def listen(descriptor: int) -> Starts:
    """Read to the end of a pipe; give the groups that were still running then."""
    running: Starts = {}
    rest = b""
    while chunk := os.read(descriptor, READ):
        *lines, rest = (rest + chunk).split(b"\n")
        fresh = set()
        for line in lines:
            group = int(line[1:])
            if line.startswith(b"+"):
                fresh.add(group)
            else:
                fresh.discard(group)
                running.pop(group, None)
        running.update((group, leader_start(group)) for group in fresh)
        time.sleep(GATHER)
    return running


def end(groups: Starts, *, grace: float) -> None:
    """Send TERM to the groups that live, and KILL to those that do so `grace` seconds later."""
    until = time.monotonic() + grace
    left = living(groups)
    for group in left:
        send(group, signal.SIGTERM)
        send(group, signal.SIGCONT)  # a stopped process acts on TERM only once it goes on
    pause = 0.01
    while left and (now := time.monotonic()) < until:
        time.sleep(min(pause, until - now))
        pause = min(2 * pause, 0.25)
        left = living(left)
    for group in left:
        send(group, signal.SIGKILL)


def living(groups: Starts) -> Starts:
    """Give those that still have a process, and whose number has not become another's.

    A number is not given away while its group has members; a leader that is there and started at
    another moment leads a group that came later.
    """
    return {
        group: start
        for group, start in groups.items()
        if send(group, 0) and leader_start(group) in {start, None}
    }


def leader_start(group: int) -> bytes | None:
    """Tell when a group's leader started (ticks since boot); None if it is gone or nothing tells."""
    try:
        with open(f"/proc/{group}/stat", "rb") as stat:  # noqa: PTH123  # pathlib takes longer to import than all else
            # pid (name, with any characters) state … start, the 22nd
            return stat.read().rpartition(b")")[2].split()[19]
    except OSError:
        return None


def send(group: int, number: int) -> bool:
    """Signal a group; False when nobody is there, or nobody who may be signalled."""
    try:
        os.killpg(group, number)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
