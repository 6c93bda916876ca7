"""A schedule as a commented TOML text, and back."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.editor_desk import BILLING
from tests.world import utc
from tfui.core.parent_text import read_parents
from tfui.errors import Invalid, Problem
from tfui.model.schedule import ScheduleDraft
from tfui.ui import schedule_text
from tfui.ui.merging import Version
from tfui.ui.schedule_text import Mistake

FULL = Version(
    replace(
        BILLING,
        queue="nightly",
        starts_at=utc("2026-02-01 08:00"),
        ends_at=utc("2027-02-01 08:00"),
        max_runs=10,
        on_missed="all",
        jitter=timedelta(minutes=5),
        timeout=timedelta(milliseconds=1500),
        retry_base=timedelta(seconds=3),
        retry_on=[75, 111],
        no_retry_on=[],
        pause_after_failures=3,
        payload={
            "command": "set -e\n\techo 'one'\necho \"two\"\n",
            "env": {"A B": "x=y", "LAST": "it's"},
        },
        metadata={"tags": ["a", "b"], "owner": {"name": "ana"}},
    ),
    read_parents("billing:conditional:1h\nstock"),
)


@pytest.mark.parametrize("version", [Version(BILLING), FULL], ids=["some", "every field"])
def test_a_schedule_comes_back_as_it_went(version: Version) -> None:
    assert schedule_text.read(schedule_text.write(version)) == version


def test_every_field_is_there_with_a_word_about_it() -> None:
    lines = schedule_text.write(Version(BILLING)).split("\n")

    for field in fields(ScheduleDraft):
        heads = (f"{field.name} = ", f"# {field.name} = ", f"[{field.name}]")
        place = next(n for n, line in enumerate(lines) if line.startswith(heads))
        assert lines[place - 1].startswith("# ")
    assert any(line.startswith("after = ") for line in lines)


def test_a_text_of_several_lines_is_written_as_it_stands() -> None:
    plain = Version(replace(BILLING, payload={"command": "set -e\necho done"}))

    assert "command = '''\nset -e\necho done'''" in schedule_text.write(plain)


_TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(payload=st.dictionaries(_TEXTS, _JSON, max_size=4))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_whatever_json_a_payload_holds_comes_back(payload: dict[str, object]) -> None:
    """TOML has no null, and its texts other quotes."""
    version = Version(replace(BILLING, payload=payload))

    assert schedule_text.read(schedule_text.write(version)) == version


def test_what_is_not_there_is_as_for_a_new_schedule() -> None:
    text = (
        'name = "x"\nschedule_type = "cron"\nschedule_expression = "@daily"\n'
        'job_type = "shell"\n[payload]\ncommand = "true"\n'
    )

    assert schedule_text.read(text) == Version(
        ScheduleDraft(
            name="x",
            schedule_type="cron",
            schedule_expression="@daily",
            job_type="shell",
            payload={"command": "true"},
        )
    )


def test_an_instant_may_be_written_as_toml_has_it() -> None:
    text = schedule_text.write(Version(BILLING)).replace(
        '# starts_at = "2027-03-01T09:00:00+01:00"', "starts_at = 2027-03-01T09:00:00+01:00"
    )

    assert schedule_text.read(text).draft.starts_at == utc("2027-03-01 08:00")


def test_a_mistake_of_syntax_has_its_line_and_column() -> None:
    text = "# a comment\nname = \n"
    with pytest.raises(Invalid) as refused:
        schedule_text.read(text)

    (mistake,) = schedule_text.placed(text, refused.value.fields)
    assert str(mistake) == "line 2: column 8: invalid value"


def test_a_text_that_ends_too_early_says_so() -> None:
    text = 'name = "x"\ncommand = """\nnever closed\n'
    with pytest.raises(Invalid) as refused:
        schedule_text.read(text)

    (mistake,) = schedule_text.placed(text, refused.value.fields)
    assert mistake.line == 3
    assert mistake.text.endswith(", at the end")


def test_every_mistake_has_its_line_and_the_rest_none() -> None:
    text = schedule_text.write(Version(BILLING)).replace("priority = 5", 'priority = "five"')
    text = text.replace("max_attempts = 3", "attempts = 3").replace('name = "billing-export"\n', "")
    with pytest.raises(Invalid) as refused:
        schedule_text.read(text)

    found = schedule_text.placed(text, refused.value.fields)
    lines = text.split("\n")
    assert [lines[each.line - 1] for each in found if each.line] == [
        'priority = "five"',
        "attempts = 3",
    ]
    assert found[0] == Mistake(0, "name: this is missing")


def test_what_the_service_says_of_a_payload_is_put_beside_its_key_or_its_table() -> None:
    text = schedule_text.write(Version(BILLING))
    lines = text.split("\n")
    problems = {
        "payload.env.MODE": Problem("no"), "payload.command": Problem("no"),
        "payload.cwd": Problem("no"), "schedule_expression": Problem("no"),
    }  # fmt: skip

    found = {each.text: lines[each.line - 1] for each in schedule_text.placed(text, problems)}

    assert found["payload.env.MODE: no"].startswith("env = ")
    assert found["payload.command: no"].startswith("command = ")
    assert found["payload.cwd: no"] == "[payload]"
    assert found["schedule_expression: no"].startswith("schedule_expression = ")


@pytest.mark.parametrize("after", ['"billing"', '[{name = "x"}]', '["a:conditional:soon"]'])
def test_what_it_comes_after_is_a_list_of_texts(after: str) -> None:
    text = schedule_text.write(Version(BILLING)).replace("after = []", f"after = {after}")
    assert tomllib.loads(text)
    with pytest.raises(Invalid) as refused:
        schedule_text.read(text)

    assert list(refused.value.fields) == ["after"]
