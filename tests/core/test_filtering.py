"""The filter language: what it reads, what it refuses and where, and that it takes any text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfui.core.filter_words import COUNTS, EXAMPLES, MEANINGS, SPANS, Relation, Word
from tfui.core.filtering import Term, parse, parse_typed, without_conditions, without_plain_text
from tfui.core.health import Condition
from tfui.errors import Invalid, Problem


def _problem(text: str) -> Problem:
    with pytest.raises(Invalid) as caught:
        parse(text)
    (problem,) = caught.value.fields.values()
    return problem


def _marked(text: str) -> str:
    """Give what of a refused filter the problem points at."""
    span = _problem(text).span
    return "" if span is None else text[slice(*span)]


def test_a_filter_is_read_term_by_term() -> None:
    found = parse("Queue:nightly status:failed,late next<1h !tag:slow runs>=100 Backup")

    assert found == (
        Term(word=Word.QUEUE, value=("nightly",)),
        Term(word=Word.STATUS, value=("failed", "late")),
        Term(word=Word.NEXT, relation=Relation.LESS, value=timedelta(hours=1)),
        Term(word=Word.TAG, value=("slow",), is_negated=True),
        Term(word=Word.RUNS, relation=Relation.AT_LEAST, value=100),
        Term(word=Word.TEXT, value=("backup",)),
    )


@pytest.mark.parametrize("word", EXAMPLES)
def test_every_word_has_an_example_that_is_read_and_a_meaning(word: Word) -> None:
    (term,) = parse(EXAMPLES[word])

    assert term.word is word
    assert MEANINGS[word]
    assert isinstance(term.value, timedelta) == (word in SPANS)
    assert isinstance(term.value, int) == (word in COUNTS)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("30 2 * * 1-5", ["30", "2", "*", "*", "1-5"]),
        ("https://example.org/a:b", ["https://example.org/a:b"]),
        ("12:30", ["12:30"]),
        ("--day", ["--day"]),
        ('"two words"', ["two words"]),
        ('"queue:x"', ["queue:x"]),
        (r'"a \"b\" \\"', ['a "b" \\']),
        ('say"so"', ['say"so"']),
        ('"still open', ["still open"]),
        ("0,30", ["0,30"]),
        ("  ", []),
    ],
)
def test_what_is_no_word_is_text(text: str, values: list[str]) -> None:
    found = parse(text)

    assert [term.value for term in found] == [(value,) for value in values]
    assert {term.word for term in found} <= {Word.TEXT}


@pytest.mark.parametrize("mark", ["!", "-"])
def test_a_mark_turns_a_term_over(mark: str) -> None:
    assert [term.is_negated for term in parse(f"{mark}a {mark}queue:b {mark}next<1h")] == [True] * 3


def test_quotes_hold_commas_and_spaces_of_a_value() -> None:
    (term,) = parse('queue:"a, b",c')

    assert term.value == ("a, b", "c")


@pytest.mark.parametrize(
    ("text", "marked", "said"),
    [
        ("a queu:x", "queu", "did you mean queue?"),
        ("xylo:1", "xylo", "there are status, queue, tag"),
        ("status:fail x", "fail", "did you mean failed?"),
        ("status:x9", "x9", "it may be failed, late"),
        ("type:daily", "daily", "it may be once, recurring, cron, chained"),
        ("status:failed,active", "failed,active", "in a term apart"),
        ("next:1h", ":", "next<1h"),
        ("queue<3", "<", "queue:nightly"),
        ("runs>many", "many", "runs>100"),
        ("runs>1,2", "runs>1,2", "one value"),
        ("x last>2dd", "d", "a number is missing"),
        ("next<3", "3", "no unit"),
        ("queue:", "queue:", "queue:nightly"),
        ("status:failed,", "status:failed,", "beside a comma"),
        ("!", "!", "nothing follows"),
        ('""', '""', "nothing is in the quotes"),
    ],
)
def test_a_refusal_names_the_place_and_what_it_may_be(text: str, marked: str, said: str) -> None:
    assert said in str(_problem(text))
    assert _marked(text) == marked


def test_a_filter_is_read_around_its_mistakes_while_it_is_typed() -> None:
    found, problem = parse_typed("sync queu:x type:cron runs>many")

    assert found == parse("sync type:cron")
    assert problem is not None
    assert problem.span == (5, 9)


def test_a_filter_has_bounds() -> None:
    assert "1,000 characters" in str(_problem("x" * 1001))
    assert "40 terms" in str(_problem("x " * 41))


def test_what_every_list_can_do_is_taken_out() -> None:
    text, rest = without_plain_text(parse("!no queue:a some more"))
    assert text == "some"
    assert rest == parse("!no queue:a more")

    shown, rest = without_conditions(parse("status:failed,late,ok !status:ok status:active x"))
    assert shown == frozenset({Condition.FAILED, Condition.LATE})
    assert rest == parse("status:active x")


_PIECES = st.sampled_from(
    ["queue", "status", "next", "runs", ":", "<", ">", "=", "!", "-", ",", '"', "\\", " ", "1h",
     "failed", "100", "ß", "\0", "\ud800", "*", "%", "x"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(_PIECES).map("".join)))
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    try:
        found = parse(text)
    except Invalid as refused:
        for problem in refused.fields.values():
            begin, end = problem.span or (0, 0)
            assert 0 <= begin <= end <= len(text)
    else:
        assert all(term.value != () for term in found)
