"""Completing a filter while it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfui.core.filter_hints import completions, hint, is_unfinished
from tfui.core.filter_tokens import quoted
from tfui.core.filter_words import EXAMPLES, Word
from tfui.core.filtering import Term, parse
from tfui.errors import Invalid

KNOWN = {Word.QUEUE: ("default", "nightly", "two words"), Word.TAG: ("billing",)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("s", []),
        ("st", ["status:"]),
        ("backup !ta", ["backup !tag:"]),
        ("ne", ["next<"]),
        ("ru", ["runs>"]),
        ("status:la", ["status:late"]),
        ("status:failed,p", ["status:failed,paused"]),
        ("queue:n", ["queue:nightly"]),
        ("queue:t", ['queue:"two words"']),
        ("queue:nightly", []),
        ("queue:nightly ", []),
        ("xylo:a", []),
        ('"st', []),
    ],
)
def test_what_a_text_may_become(text: str, expected: list[str]) -> None:
    assert completions(text, KNOWN) == expected


def test_hints_say_what_may_stand_here() -> None:
    assert all(word in hint("", KNOWN) for word in EXAMPLES)
    assert hint("queue:", KNOWN) == "queue: default  nightly  two words"
    assert hint("status:fa", KNOWN) == "status: failed"
    assert "how soon" in hint("next<", KNOWN)
    assert "its queue" in hint("que", KNOWN)
    assert hint("backup", KNOWN) == ""


@pytest.mark.parametrize(
    "text", ["status:", "status:fa", "a queue:", "next<", "next<1", "runs>", "!", "type:cron,"]
)
def test_an_unfinished_term_is_no_mistake_yet(text: str) -> None:
    assert is_unfinished(text)
    with pytest.raises(Invalid):
        parse(text)


@pytest.mark.parametrize("text", ["status:fo", "xylo:", "next<1x", "status:fa x", "queue<3"])
def test_a_mistake_is_one_at_once(text: str) -> None:
    assert not is_unfinished(text)


@given(st.text(min_size=1, max_size=30))
def test_a_quoted_text_is_read_back_whole(text: str) -> None:
    assert parse(quoted(text)) == (Term(word=Word.TEXT, value=(text.casefold(),)),)
    assert parse(f"queue:{quoted(text, is_listed=True)}") == (
        Term(word=Word.QUEUE, value=(text.casefold(),)),
    )
