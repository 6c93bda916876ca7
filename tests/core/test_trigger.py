"""The one door to triggers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.world import utc
from tfui.core.states import ScheduleType
from tfui.core.trigger import Cron, Once, Recurring, parse
from tfui.errors import Invalid

NOW = utc("2026-01-01 00:00")


def test_the_type_decides_how_an_expression_is_read() -> None:
    assert isinstance(parse("once", "5m", anchor=NOW), Once)
    assert isinstance(parse(ScheduleType.RECURRING, "5m", anchor=NOW), Recurring)
    assert isinstance(parse(ScheduleType.CRON, "* * * * *", anchor=NOW), Cron)


def test_what_was_read_is_kept() -> None:
    first = parse("cron", "5 * * * *", zone="Europe/Berlin", anchor=NOW, seed="a")

    assert parse("cron", "5 * * * *", zone="Europe/Berlin", anchor=NOW, seed="b") is first


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        parse("sometimes", "5m", anchor=NOW)

    assert list(caught.value.fields) == ["schedule_type"]


@pytest.mark.parametrize(("kind", "expression"), [("once", "x"), ("recurring", "x"), ("cron", "x")])
def test_zone_and_expression_are_refused_together(kind: str, expression: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(kind, expression, zone="Mars/Olympus", anchor=NOW)

    assert set(caught.value.fields) == {"schedule_expression", "timezone"}


@pytest.mark.parametrize("kind", ["once", "recurring"])
def test_a_zone_is_checked_where_it_does_not_matter_yet(kind: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(kind, "5m", zone="Mars/Olympus", anchor=NOW)

    assert set(caught.value.fields) == {"timezone"}


def test_reading_triggers_imports_no_library() -> None:
    """`tfui next` answers in the time that Python takes to start."""
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, tfui.core.trigger; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert not {"croniter", "dateutil", "sqlalchemy", "pydantic", "hashlib"} & set(loaded)
