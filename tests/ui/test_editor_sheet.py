"""The texts of the editor's fields and the draft they mean, there and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.ui.editor_desk import BILLING
from tests.world import NOON, utc
from tfui.errors import Invalid
from tfui.model.schedule import ScheduleDraft
from tfui.ui.widgets.editor_changes import changed_values, changes
from tfui.ui.widgets.editor_fields import FIELDS, field_of
from tfui.ui.widgets.editor_payload import has_form, read_raw
from tfui.ui.widgets.editor_sheet import EMPTY, read_sheet, turn_job_type, turn_payload, write_sheet
from tfui.ui.widgets.editor_spec import GROUPS

FULL = ScheduleDraft(
    name="full",
    schedule_type="recurring",
    schedule_expression="1h30m",
    timezone="Asia/Tokyo",
    queue="nightly",
    job_type="http",
    payload={
        "url": "https://example.com/hook",
        "method": "POST",
        "headers": {"X-Key": "a: b"},
        "body": {"a": [1, 2]},
        "expected_status": [200, "3xx"],
        "timeout": 2.5,
    },
    priority=9,
    max_attempts=7,
    max_runs=40,
    starts_at=utc("2026-02-01 00:00"),
    ends_at=utc("2026-03-01 00:00:30"),
    on_missed="all",
    catchup_window=timedelta(days=2),
    max_catchup=5,
    overlap="allow",
    jitter=timedelta(minutes=5),
    timeout=timedelta(seconds=1.5),
    retry_base=timedelta(seconds=30),
    retry_factor=1.5,
    retry_cap=timedelta(hours=2),
    retry_on=[75, 111],
    no_retry_on=[2],
    pause_after_failures=3,
    metadata={"tags": ["a", "b"], "description": "what [it] is", "origin": "crontab:3"},
)


def typed(base: ScheduleDraft, **texts: str) -> tuple[ScheduleDraft, dict[str, str]]:
    """Read the base's sheet with some texts changed; dots in keys are written as double underscores."""
    new = {key.replace("__", "."): text for key, text in texts.items()}
    draft, problems = read_sheet({**write_sheet(base), **new}, base=base, now=NOON)
    return draft, {key: problem.text for key, problem in problems.items()}


@pytest.mark.parametrize("draft", [EMPTY, BILLING, FULL])
def test_what_is_not_touched_stays_exactly_as_it_was(draft: ScheduleDraft) -> None:
    assert (draft, {}) == typed(draft)


def test_every_field_of_a_draft_can_be_typed() -> None:
    """From nothing to everything, by texts alone."""
    draft, problems = read_sheet(write_sheet(FULL), base=EMPTY, now=NOON)

    assert problems == {} or {"timeout"} == set(problems)  # 1.5 s cannot be typed, only kept
    assert {"timeout"} >= set(changed_values(replace(FULL, metadata=draft.metadata), draft))
    assert draft.metadata == {"tags": ["a", "b"], "description": "what [it] is"}


def test_every_field_belongs_to_a_group_and_says_what_it_is_for() -> None:
    assert set(GROUPS) == {spec.group for spec in FIELDS}
    assert all(spec.hint and spec.label for spec in FIELDS)


@pytest.mark.parametrize(
    ("key", "text", "problem"),
    [
        ("priority", "high", "'high' is not a whole number"),
        ("max_runs", "1e3", "'1e3' is not a whole number"),
        ("priority", "9" * 400, "is not a whole number"),
        ("retry_factor", "two", "'two' is not a number"),
        ("jitter", "5 minutes", "a duration has no spaces"),
        ("timeout", "15", "15 has no unit"),
        ("starts_at", "2026-02-30 10:00", "does not exist"),
        ("ends_at", "soon", "is not"),
        ("retry_on", "1, two", "'two' is not a whole number"),
    ],
)
def test_a_text_that_cannot_be_read_is_told_by_its_field(key: str, text: str, problem: str) -> None:
    draft, problems = typed(BILLING, **{key: text})

    assert [key] == list(problems)
    assert problem in problems[key]
    assert getattr(draft, key) == getattr(BILLING, key)


def test_an_emptied_field_falls_back_to_what_is_usual() -> None:
    draft, problems = typed(FULL, queue="", max_runs="", jitter="", max_attempts="", timezone="")

    assert problems == {}
    assert (
        draft.queue,
        draft.max_runs,
        draft.jitter,
        draft.max_attempts,
        draft.timezone,
    ) == ("default", None, None, 3, "UTC")


def test_start_and_end_are_read_on_the_zones_clock_or_from_now() -> None:
    draft, _ = typed(BILLING, starts_at="2026-02-01 09:00", ends_at="2d")

    assert utc("2026-02-01 08:00") == draft.starts_at
    assert utc("2026-01-07 12:00") == draft.ends_at


def test_keys_without_a_field_survive_an_edit() -> None:
    base = replace(BILLING, payload={"command": "true", "stdin": "x"}, metadata={"owner": "ana"})
    draft, _ = typed(base, shell__command="false", metadata__tags="a, b,")

    assert draft.payload == {"command": "false", "stdin": "x"}
    assert draft.metadata == {"owner": "ana", "tags": ["a", "b"]}


@pytest.mark.parametrize(
    ("job_type", "payload"),
    [
        ("shell", {"command": ["ls", "-l"]}),
        ("shell", {"command": "true", "env": {"A": 1}}),
        ("shell", {"command": "true", "env": {"A": "two\nlines"}}),
        ("http", {"url": 5}),
        ("python", {"callable": "a:b", "args": {}}),
        ("noop", {}),
    ],
)
def test_what_the_fields_cannot_show_is_edited_as_json(
    job_type: str, payload: dict[str, Any]
) -> None:
    draft = replace(BILLING, job_type=job_type, payload=payload)

    assert not has_form(job_type, payload)
    assert (draft, {}) == typed(draft)


@pytest.mark.parametrize("line", ["NAME", "just words"])
def test_a_variable_without_a_sign_is_told_with_its_line(line: str) -> None:
    _, problems = typed(BILLING, shell__env=f"A=1\n{line}")

    assert problems == {"shell.env": "line 2 is not like NAME=value"}


def test_a_body_that_is_json_is_stored_as_json() -> None:
    draft, _ = typed(FULL, http__body='{"a": 1}')
    assert draft.payload["body"] == {"a": 1}

    draft, _ = typed(FULL, http__body="{not json")
    assert draft.payload["body"] == "{not json"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": }', "line 1, column 7: expecting value"),
        ("[1]", "a payload is a JSON object"),
        ('{"a": NaN}', "NaN is not JSON"),
        ("[" * 100_000, "this is nested too deeply"),
    ],
)
def test_json_that_is_no_payload_is_refused_with_a_reason(text: str, problem: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_raw(text)

    assert problem in refusal.value.fields["payload"].text


def test_turning_to_json_and_back_changes_nothing() -> None:
    texts = write_sheet(FULL)
    as_json = turn_payload({**texts, "payload_mode": "json"}, base=FULL)
    back = turn_payload({**as_json, "payload_mode": "form"}, base=FULL)

    assert '"X-Key": "a: b"' in as_json["payload"]
    assert texts == back


def test_another_job_type_begins_with_an_empty_payload() -> None:
    texts = turn_job_type({**write_sheet(BILLING), "job_type": "noop"}, base=BILLING)
    draft, problems = read_sheet(texts, base=BILLING, now=NOON)

    assert (draft.payload, problems) == ({}, {})


def test_changes_are_told_in_the_order_of_the_form() -> None:
    new = replace(
        BILLING,
        name="b",
        schedule_expression="0 3 * * *",
        payload={"command": "/bin/true", "env": {"MODE": "full"}},
        priority=1,
        metadata={**BILLING.metadata, "tags": []},
    )

    assert [(change.label, change.old, change.new) for change in changes(BILLING, new)] == [
        ("name", "billing-export", "b"),
        ("expression", "30 2 * * 1-5", "0 3 * * *"),
        ("command", "/bin/echo exported", "/bin/true"),
        ("priority", "5", "1"),
        ("tags", '["billing", "nightly"]', "[]"),
    ]


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("name", "name"),
        ("payload.command", "shell.command"),
        ("payload.env.PATH", "shell.env"),
        ("payload.nonsense", "payload_mode"),
        ("metadata.tags", "metadata.tags"),
        ("metadata.owner", "metadata.description"),
        ("unheard_of", "name"),
    ],
)
def test_a_problem_of_the_service_finds_its_field(key: str, field: str) -> None:
    assert field == field_of(key, job_type="shell", is_raw=False)
