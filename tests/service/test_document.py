"""Documents: a draft written as plain JSON and read back as the same draft, or refused field by field."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfui.core.states import OnMissed, Overlap, ScheduleType
from tfui.errors import Invalid
from tfui.model.schedule import ScheduleDraft
from tfui.service import document

_texts = st.text(max_size=20)
_spans = st.integers(0, 10**8).map(lambda seconds: timedelta(seconds=seconds))
_instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001  # given its zone below
    lambda wall: wall.replace(tzinfo=UTC)
)

drafts = st.builds(
    ScheduleDraft,
    name=_texts,
    schedule_type=st.sampled_from(ScheduleType),
    schedule_expression=_texts,
    job_type=_texts,
    payload=st.dictionaries(_texts, _texts | st.integers() | st.none(), max_size=3),
    timezone=_texts,
    queue=_texts,
    priority=st.integers(0, 9),
    max_attempts=st.integers(1, 9),
    max_runs=st.none() | st.integers(1, 9),
    starts_at=st.none() | _instants,
    ends_at=st.none() | _instants,
    on_missed=st.none() | st.sampled_from(OnMissed),
    catchup_window=st.none() | _spans,
    overlap=st.sampled_from(Overlap),
    jitter=st.none() | _spans,
    timeout=st.none() | _spans | st.just(timedelta(milliseconds=500)),
    retry_factor=st.floats(1, 10),
    retry_on=st.none() | st.lists(st.integers(0, 255), max_size=3),
    metadata=st.dictionaries(_texts, _texts, max_size=3),
)


@given(drafts)
def test_a_draft_reads_back_as_it_was_written(draft: ScheduleDraft) -> None:
    written = json.loads(json.dumps(document.of_draft(draft)))

    assert document.to_draft({"payload": {}, **written}) == draft


def test_what_a_schedule_has_anyway_can_be_left_out() -> None:
    draft = ScheduleDraft(
        name="x",
        schedule_type=ScheduleType.RECURRING,
        schedule_expression="5m",
        job_type="noop",
        payload={},
        on_missed=OnMissed.SKIP,
        catchup_window=timedelta(days=1),
        priority=3,
    )

    assert document.essential(document.of_draft(draft)) == {
        "name": "x",
        "schedule_type": "recurring",
        "schedule_expression": "5m",
        "job_type": "noop",
        "timezone": "UTC",
        "priority": 3,
    }


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("nam", "x", "did you mean name?"),
        ("name", 5, "a text"),
        ("priority", "high", "a whole number"),
        ("priority", True, "a whole number"),
        ("retry_factor", "2", "a number"),
        ("payload", [], "an object"),
        ("retry_on", {}, "a list"),
        ("timeout", "soon", "not a digit"),
        ("timeout", -1, "a duration"),
        ("starts_at", "2027-01-01", "an instant with its offset"),
        ("starts_at", 5, "an instant with its offset"),
    ],
)
def test_a_bad_field_is_named_with_what_it_may_be(field: str, value: Any, words: str) -> None:
    good = {
        "name": "x",
        "schedule_type": "cron",
        "schedule_expression": "@daily",
        "job_type": "noop",
        "payload": {},
    }

    with pytest.raises(Invalid) as caught:
        document.to_draft({**good, field: value})

    assert list(caught.value.fields) == [field]
    assert words in str(caught.value)


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        document.to_draft({"name": "x"})

    assert set(caught.value.fields) == {
        "schedule_type",
        "schedule_expression",
        "job_type",
        "payload",
    }
