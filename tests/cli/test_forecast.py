"""`tfui forecast`: the same numbers as a table and as JSON, and what they rest on."""

from __future__ import annotations

import pytest

from tests.cli.console import done, tfui

pytestmark = pytest.mark.usefixtures("db")


def test_json_has_every_minute_with_its_queues_and_sums_up() -> None:
    done("add", "a", "--cron", "* * * * *", "--shell", "true")
    done("add", "b", "--cron", "*/30 * * * *", "--shell", "true")
    found = done("forecast", "--hours", "2", "--json").json

    assert found["starts"] == sum(minute["starts"] for minute in found["minutes"])
    assert found["starts"] == sum(one["starts"] for one in found["schedules"])
    assert 119 + 3 <= found["starts"] <= 121 + 4
    assert found["bucket"] == 60
    assert found["peak"]["starts"] == 2
    assert [queue["queue"] for queue in found["minutes"][-1]["queues"]] == ["default"]
    assert found["engines"] == 0


def test_the_text_tells_peak_quiet_times_and_the_busiest_minutes() -> None:
    done("add", "nightly", "--cron", "30 2 * * *", "--shell", "true")
    done("add", "too", "--cron", "30 2 * * *", "--shell", "true")
    answer = done("forecast", "--hours", "24")

    assert answer.lines[0].startswith("2 starts in 24 hours on 8 seats, from ")
    assert "02:30  2 starts in that minute, none waits" in answer.out
    assert any(line.startswith("quiet ") for line in answer.lines)
    assert "default 2" in answer.out
    assert "no engine is running: 8 seats assumed" in answer.err
    assert "2 schedules have no ended run: durations assumed" in answer.err


def test_what_is_folded_is_said() -> None:
    done("add", "fast", "--cron", "* * * * * *", "--shell", "true")
    answer = done("forecast", "--hours", "1")

    assert "1 schedule starts too often to be played through singly" in answer.err


def test_a_schedule_that_will_overlap_itself_is_told() -> None:
    done("add", "fast", "--every", "2s", "--overlap", "skip", "--shell", "true")

    assert "skip    " in done("forecast", "--hours", "1").out
    (overlap,) = done("forecast", "--hours", "1", "--json").json["overlaps"]
    assert (overlap["schedule"], overlap["overlap"]) == ("fast", "skip")
    assert overlap["fates"]["skip_overlap"] == overlap["count"] > overlap["starts"] / 2


def test_nothing_planned_is_nothing_coming() -> None:
    answer = done("forecast")

    assert answer.lines[0].startswith("0 starts in 24 hours")
    assert done("forecast", "--json").json["minutes"] == []


def test_hours_are_bounded() -> None:
    assert tfui("forecast", "--hours", "0").code == 2
    assert tfui("forecast", "--hours", "1000").code == 2
