"""Checking a draft: each rule with its sentence, and every bad field at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import NOON, new_id, utc
from tfui.model.schedule import ScheduleDraft
from tfui.service import drafts
from tfui.service.draft_columns import FIELDS
from tfui.service.drafts import Setting

GOOD = ScheduleDraft(
    name="backup",
    schedule_type="cron",
    schedule_expression="30 2 * * *",
    job_type="shell",
    payload={"command": "true"},
)

SETTING = Setting(now=NOON, anchor_at=NOON, seed=str(new_id()), queues=("default", "nightly"))


def problems(setting: Setting = SETTING, **changes: Any) -> dict[str, str]:
    found = drafts.find_problems(replace(GOOD, **changes), setting)
    return {name: problem.text for name, problem in found.items()}


def test_a_good_draft_has_no_problems() -> None:
    assert problems() == {}


def test_every_bad_field_is_told_at_once() -> None:
    found = problems(
        name="",
        schedule_expression="61 * * * *",
        timezone="Mars/Olympus",
        job_type="shel",
        queue="nightli",
        priority=10,
        max_attempts=0,
        max_runs=0,
        starts_at=datetime(2026, 1, 6),  # noqa: DTZ001  # that it is naive is the point
        on_missed="later",
        catchup_window=timedelta(seconds=-1),
        max_catchup=0,
        overlap="maybe",
        jitter=timedelta(days=8),
        timeout=timedelta(0),
        retry_base=timedelta(days=4000),
        retry_factor=0.5,
        retry_cap=timedelta(seconds=-5),
        retry_on=[],
        no_retry_on=[1000],
        pause_after_failures=0,
        metadata={"tags": "billing"},
    )

    assert set(FIELDS) - set(found) == {"schedule_type", "payload", "ends_at"}


@pytest.mark.parametrize("name", ["x", "n" * 100, "[red]bold[/]", "bäckup 💾", "👩‍👩‍👧"])
def test_names_may_hold_brackets_and_emoji(name: str) -> None:
    assert problems(name=name) == {}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "required"),
        ("   ", "required"),
        ("n" * 101, "101 characters; it may have 100"),
        ("two\nlines", "character 4 is a control character or a line break"),
        ("bell\a", "character 5"),
        ("para\u2029graph", "character 5"),
        ("half \ud800", "half of a surrogate"),
        ("\u202egnp.exe", "turns the direction"),
        (7, "must be a text"),
    ],
)
def test_names_that_nobody_could_read_are_refused(name: Any, said: str) -> None:
    assert said in problems(name=name)["name"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("priority", -1, "0 to 9"),
        ("priority", True, "whole number"),
        ("priority", 1.5, "whole number"),
        ("max_attempts", None, "whole number"),
        ("max_runs", 0, "1 to"),
        ("max_catchup", 10_001, "1 to 10,000"),
        ("timeout", timedelta(0), "more than 0"),
        ("timeout", 30, "duration"),
        ("jitter", timedelta(milliseconds=1500), "whole seconds"),
        ("retry_factor", float("nan"), "number"),
        ("retry_factor", float("inf"), "1 to 100"),
        ("retry_on", [1, "2"], "list of exit codes"),
        ("overlap", "sometimes", "skip, buffer_one"),
        ("schedule_type", "weekly", "once, recurring, cron"),
        ("ends_at", datetime(9999, 1, 1, tzinfo=timezone(timedelta(hours=-12))), "9999"),
        ("queue", "", "name of a queue"),
        ("queue", "nightli", "did you mean 'nightly'?"),
        ("queue", "zzz", "there are 'default', 'nightly'"),
        ("job_type", "shel", "did you mean 'shell'?"),
        ("timezone", 3, "name of a time zone"),
        ("schedule_expression", 5, "must be a text"),
        ("schedule_expression", "* " * 600, "1,200 characters"),
        ("metadata", ["a"], "JSON object"),
    ],
)
def test_each_range_is_told(field: str, value: Any, said: str) -> None:
    found = problems(**{field: value})

    assert said in found[field]
    assert set(found) == {field}


@pytest.mark.parametrize(
    ("job_type", "code", "is_wrong"),
    [("shell", 255, False), ("shell", 256, True), ("python", 999, True), ("http", 503, False)],
)
def test_a_process_has_no_exit_code_above_255(job_type: str, code: int, is_wrong: bool) -> None:
    found = drafts.find_problems(replace(GOOD, job_type=job_type, retry_on=[code]), SETTING)

    assert ("retry_on" in found) is is_wrong


def test_a_code_cannot_be_worth_another_attempt_and_not() -> None:
    assert problems(retry_on=[1, 2], no_retry_on=[2]) == {"no_retry_on": "2 is in retry_on too"}


def test_the_place_of_a_mistake_in_an_expression_is_kept() -> None:
    found = drafts.find_problems(replace(GOOD, schedule_expression="0 25 * * *"), SETTING)

    assert found["schedule_expression"].span == (2, 4)


def test_expression_and_zone_are_both_told() -> None:
    assert set(problems(schedule_expression="nonsense", timezone="Mars/Olympus")) == {
        "schedule_expression",
        "timezone",
    }


@pytest.mark.parametrize(
    ("payload", "field", "said"),
    [
        ([], "payload", "JSON object"),
        ({"command": float("nan")}, "payload", "not JSON"),
        ({1: "x"}, "payload", "not a text"),
        ({"command": "a\0b"}, "payload", "NUL"),
        ({"command": "\ud800"}, "payload", "surrogate"),
        ({"command": "x" * (1 << 20)}, "payload", "1,048,576"),
        ({"command": {1, 2}}, "payload", "not JSON"),
        ({"comand": "true"}, "payload.comand", "did you mean"),
        ({}, "payload.command", "required"),
    ],
)
def test_a_payload_that_cannot_be_kept_or_run_is_refused(
    payload: Any,
    field: str,
    said: str,
) -> None:
    assert said in problems(payload=payload)[field]


def test_a_payload_nested_without_end_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}

    assert "nested too deeply" in problems(payload=deep)["payload"]


def test_a_once_in_the_past_is_refused_and_one_to_come_is_not() -> None:
    def once(at: str) -> dict[str, str]:
        return problems(schedule_type="once", schedule_expression=at)

    assert once("2026-01-05 12:00:01") == {}
    assert (
        once("2026-01-05 12:00")["schedule_expression"] == "5 January 2026 12:00 +00:00 has passed"
    )


def test_a_window_must_end_after_it_starts_and_after_now() -> None:
    start = NOON + timedelta(days=1)

    assert "later than starts_at" in problems(starts_at=start, ends_at=start)["ends_at"]
    assert "passed already" in problems(ends_at=NOON)["ends_at"]


def test_what_leaves_nothing_to_run_in_its_window_is_refused() -> None:
    found = problems(ends_at=NOON + timedelta(hours=1), timezone="Europe/Berlin")

    assert found == {
        "schedule_expression": (
            "nothing would run: the first run is 6 January 2026 02:30 +01:00, after ends_at"
        )
    }
    assert problems(ends_at=utc("2026-01-06 02:30")) == {}


def test_a_once_before_its_window_is_refused() -> None:
    found = problems(
        schedule_type="once",
        schedule_expression="2026-01-06 00:00",
        starts_at=NOON + timedelta(days=2),
    )

    assert found == {"schedule_expression": "nothing would run after starts_at"}


def test_a_finished_schedule_may_be_renamed_when_its_trigger_stays() -> None:
    kept = replace(SETTING, is_trigger_new=False, is_payload_new=False)

    assert (
        problems(
            kept,
            schedule_type="once",
            schedule_expression="2020-01-01 00:00",
            ends_at=utc("2021-01-01 00:00"),
            job_type="gone-plugin",
        )
        == {}
    )


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.timedeltas(),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.lists(st.integers() | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@given(values=st.dictionaries(st.sampled_from(FIELDS), anything, max_size=6))
def test_no_value_in_any_field_breaks_the_check(values: dict[str, Any]) -> None:
    found = drafts.find_problems(replace(GOOD, **values), SETTING)

    assert all(problem.text for problem in found.values())
