"""Reads what is typed to filter the record: `actor: object: verb: since:`, and words of any kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core.duration import parse_duration
from tfui.core.filter_tokens import tokens
from tfui.errors import Invalid, Problem

if TYPE_CHECKING:
    from datetime import timedelta

    from tfui.core.filter_tokens import Token

WORDS = ("actor", "object", "verb", "since")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """What was asked for; nothing asked is everything."""

    words: tuple[str, ...] = ()
    """Each is part of what an entry is about, or of what was done."""
    actor: str | None = None
    """A name, a way in, or both: `ada`, `cli`, `ada@cli`."""
    named: str | None = None
    """Part of the name of what it is about."""
    verb: str | None = None
    since: timedelta | None = None
    """How long ago at most."""


EVERYTHING = RecordFilter()


def parse(text: str) -> tuple[RecordFilter, Problem | None]:
    """Read a filter as far as it can be read, and say what is wrong first."""
    found: dict[str, str] = {}
    words: list[str] = []
    since: timedelta | None = None
    problem: Problem | None = None
    for token in tokens(text):
        value = token.pieces[0].text
        if not token.word and not token.is_negated:
            words.append(value)
            continue
        bad = _problem(token, found)
        if bad is None and token.word.lower() == "since" and value:
            try:
                since = parse_duration(value, field="since")
            except Invalid as wrong:
                bad = Problem(wrong.fields["since"].text, token.pieces[0].span)
        problem = problem or bad
        if bad is None and value:
            found[token.word.lower()] = value
    return (
        RecordFilter(
            words=tuple(words),
            actor=found.get("actor"),
            named=found.get("object"),
            verb=found.get("verb"),
            since=since,
        ),
        problem,
    )


def _problem(token: Token, found: dict[str, str]) -> Problem | None:
    word = token.word.lower()
    if token.is_negated:
        return Problem("nothing can be left out here, only asked for", token.span)
    if word not in WORDS:
        known = ", ".join(f"{one}:" for one in WORDS)
        return Problem(f"{token.word} is none of {known}", token.word_span)
    if token.relation != ":":
        return Problem(f"{word} is followed by a colon", token.span)
    if len(token.pieces) > 1 or word in found:
        return Problem(f"{word} takes one value", token.span)
    return None
