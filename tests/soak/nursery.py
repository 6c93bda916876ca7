"""Engines as real processes, started quickly: one process imports everything and forks the others."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections import Counter
from multiprocessing import connection
from typing import TYPE_CHECKING

from tests.soak.failpoints import SIDES
from tests.soak.program import LOG, OBITUARIES, serve

if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.process import BaseProcess
    from pathlib import Path
    from random import Random

    from tests.soak.failpoints import Failpoint

PATIENCE = 60.0
"""Seconds after which an engine that should have died, or ended, is a failure."""


class Nursery:
    """Starts engines on one database, and knows how they ended."""

    def __init__(self, database: str, *, notes: Path, lease_seconds: float | None = None) -> None:
        self.database = database
        self.notes = notes
        self.engines: list[BaseProcess] = []
        self._lease_seconds = lease_seconds
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.soak.program", "tfui.runners.shell"])

    def start(self, failpoint: Failpoint | None = None) -> BaseProcess:
        """Start an engine, doomed or not."""
        arguments = (
            self.database,
            str(self.notes),
            str(failpoint or ""),
            self._lease_seconds,
        )
        process = self._context.Process(target=serve, args=arguments, daemon=True)
        process.start()
        self.engines.append(process)
        return process

    def see_die(self, failpoints: Iterable[Failpoint]) -> int:
        """Have one engine after the other die at its failpoint; give how many did."""
        killed = 0
        for failpoint in failpoints:
            process = self.start(failpoint)
            process.join(PATIENCE)
            assert process.exitcode == -signal.SIGKILL, f"{failpoint}: {process.exitcode}"
            killed += 1
        return killed

    def see_die_side_by_side(
        self, count: int, failpoints: Iterable[Failpoint], dice: Random
    ) -> int:
        """Keep `count` engines going, each killed at its failpoint or at any moment before it."""
        waiting = list(failpoints)
        wanted, killed = len(waiting), 0
        running = [self.start(waiting.pop()) for _ in range(count)]
        while killed < wanted:
            sentinels = [process.sentinel for process in running]
            if not connection.wait(sentinels, dice.uniform(0.2, 1.5)):
                self.kill(dice.choice(running))
                continue
            for process in [one for one in running if not one.is_alive()]:
                process.join(PATIENCE)
                assert process.exitcode == -signal.SIGKILL, process.exitcode
                killed += 1
                running.remove(process)
                if waiting:
                    running.append(self.start(waiting.pop()))
        return killed

    def kill(self, process: BaseProcess, number: int = signal.SIGKILL) -> None:
        """Send a signal to an engine that is still there."""
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, number)

    def stop(self) -> None:
        """Ask every engine to end, and see that it does."""
        for process in self.engines:
            self.kill(process, signal.SIGCONT)
            self.kill(process, signal.SIGTERM)
        for process in self.engines:
            process.join(PATIENCE)
            assert process.exitcode in {0, -signal.SIGKILL}, process.exitcode

    def obituaries(self) -> Counter[str]:
        """Count the deaths by failpoint by what the engine was doing."""
        path = self.notes / OBITUARIES
        if not path.exists():
            return Counter()
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return Counter(
            f"{line['during']} {side}"
            for line in lines
            for side in SIDES
            if side in line["at"].split(":")
        )

    def log(self, level: str) -> list[str]:
        """Give what the engines logged at a level."""
        path = self.notes / LOG
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [line for line in lines if line.startswith(f"{level} ")]
