"""Engines under fault, shortly: killed around commits, deaf, stopped, on a disk full or gone read-only.

`python -m tests.soak` plays the same for minutes.
"""

from __future__ import annotations

from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.soak import deaf, kills, troubles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def skipping() -> Iterator[None]:
    """Skip the test where the trouble cannot be brought about."""
    try:
        yield
    except troubles.Unplayable as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("engines", [1, 2])
def test_engines_killed_at_every_side_of_their_commits_lose_and_double_nothing(
    tmp_path: Path, engines: int
) -> None:
    dice = Random(engines)
    doomed = kills.failpoints([2, 5, 9, 14], dice)

    figures = kills.campaign(tmp_path, doomed, engines=engines, schedules=12, dice=dice)

    assert figures["kills_survived"] == 12
    assert (figures["lost"], figures["doubled"]) == (0, 0)
    assert figures["occurrences"] > 0


def test_an_engine_that_is_told_that_its_commits_failed_loses_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    figures = deaf.answers_lost(tmp_path, answers=5)

    assert figures["answers_lost"] >= 5
    assert (figures["lost"], figures["doubled"]) == (0, 0)
    assert figures["occurrences"] > 0


def test_an_engine_stopped_beyond_its_lease_is_refused_its_result(tmp_path: Path) -> None:
    figures = troubles.stopped_beyond_its_lease(tmp_path)

    assert figures["refused"] == "reported too late: succeeded"
    assert figures["executions"] == 2


def test_a_disk_that_fills_up_in_the_middle_of_a_batch_is_waited_for(tmp_path: Path) -> None:
    with skipping():
        figures = troubles.disk_full(tmp_path)

        assert figures["jobs_when_full"] < figures["succeeded"]


def test_a_file_made_read_only_under_a_running_engine_is_waited_for(tmp_path: Path) -> None:
    with skipping():
        troubles.made_read_only(tmp_path)


def test_an_engine_started_on_a_read_only_file_begins_once_it_can_write(tmp_path: Path) -> None:
    with skipping():
        troubles.made_read_only(tmp_path, is_started_before=False, patience=4)
