"""The filter language: `queue:nightly status:failed,late next<1h !tag:slow backup` as a frozen query.

All terms must hold; `!` or `-` before one turns it over, commas in one mean any of, and quotes hold
words together. Nothing here looks at a clock or a row: spans stay spans, counted by the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import TypeAlias

from tfui.core.duration import parse_duration
from tfui.core.filter_tokens import Piece, Token, tokens
from tfui.core.filter_words import CHOICES, COUNTS, EXAMPLES, SPANS, STORED, Relation, Word
from tfui.core.health import Condition
from tfui.errors import Invalid, Problem

LONGEST = 1000
"""Characters of a filter: more was pasted by mistake."""

MOST_TERMS = 40
"""Each term is looked for in every schedule, and databases bound a statement's depth."""

_DIGITS = 9  # of a count: it has to fit into a column


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing that must hold, or with `is_negated` must not."""

    word: Word
    relation: Relation = Relation.IS
    value: tuple[str, ...] | int | timedelta
    """Texts in folded case, one of which is enough; a count; or how far from now."""
    is_negated: bool = False


Criteria: TypeAlias = tuple[Term, ...]
"""A filter that was read; () leaves nothing out."""


def parse(text: str, *, field: str = "filter") -> Criteria:
    """Read a filter. Raises Invalid, whose `field` says what is wrong, where, and what it may be."""
    found, problem = parse_typed(text)
    if problem is not None:
        raise Invalid({field: problem})
    return found


def parse_typed(text: str) -> tuple[Criteria, Problem | None]:
    """Read a filter that is still being typed: the terms that can be read, and the first mistake."""
    if len(text) > LONGEST:
        return (), Problem(f"a filter has at most {LONGEST:,} characters")
    read = [_term(token) for token in tokens(text)]
    found = tuple(each for each in read if isinstance(each, Term))
    if len(read) > MOST_TERMS:
        return found[:MOST_TERMS], Problem(f"a filter has at most {MOST_TERMS} terms")
    return found, next((each for each in read if isinstance(each, Problem)), None)


def without_plain_text(criteria: Criteria) -> tuple[str | None, Criteria]:
    """Take the first bare word out, which every list can search for by itself; give it and the rest."""
    for place, term in enumerate(criteria):
        if term.word is Word.TEXT and not term.is_negated and isinstance(term.value, tuple):
            return term.value[0], criteria[:place] + criteria[place + 1 :]
    return None, criteria


def without_conditions(criteria: Criteria) -> tuple[frozenset[Condition] | None, Criteria]:
    """Take out what asks how schedules are shown; give those left, None for all, and the rest."""
    allowed: frozenset[Condition] | None = None
    rest = []
    for term in criteria:
        if term.word is not Word.STATUS or not isinstance(term.value, tuple):
            rest.append(term)
        elif set(term.value).isdisjoint(STORED):
            named = frozenset(map(Condition, term.value))
            named = frozenset(Condition) - named if term.is_negated else named
            allowed = named if allowed is None else allowed & named
        else:
            rest.append(term)
    return allowed, tuple(rest)


def _term(token: Token) -> Term | Problem:
    """Read one term, or say what is wrong with it."""
    if not token.word:
        return _bare(token)
    word = _word(token.word)
    if word is None:
        return _unknown_word(token)
    relation = Relation(token.relation)
    value = _wrong_relation(word, relation, token) or _value(word, token)
    if isinstance(value, Problem):
        return value
    return Term(word=word, relation=relation, value=value, is_negated=token.is_negated)


def _bare(token: Token) -> Term | Problem:
    text = token.pieces[0].text.casefold()
    if not text:
        what = "follows !" if token.is_negated else "is in the quotes"
        return Problem(f"nothing {what}", token.span)
    return Term(word=Word.TEXT, value=(text,), is_negated=token.is_negated)


def _word(text: str) -> Word | None:
    try:
        return Word(text.casefold())
    except ValueError:
        return None


def _unknown_word(token: Token) -> Problem:
    close = get_close_matches(token.word.casefold(), list(EXAMPLES), n=1)
    known = f"did you mean {close[0]}?" if close else f"there are {', '.join(EXAMPLES)}"
    return Problem(
        f"there is no word {_cut(token.word)!r}: {known} (text goes in quotes)", token.word_span
    )


def _wrong_relation(word: Word, relation: Relation, token: Token) -> Problem | None:
    span = (token.word_span[1], token.word_span[1] + len(relation))
    if word in SPANS and relation is Relation.IS:
        return Problem(f"{word} is compared with a span: {word}<1h or {word}>2d", span)
    if word not in SPANS | COUNTS and relation is not Relation.IS:
        return Problem(f"{word} is not compared: {EXAMPLES[word]}", span)
    return None


def _value(word: Word, token: Token) -> tuple[str, ...] | int | timedelta | Problem:
    for piece in token.pieces:
        if not piece.text:
            place = "beside a comma" if len(token.pieces) > 1 else f"after {word}"
            return Problem(f"nothing stands {place}: {EXAMPLES[word]}", token.span)
    if word in SPANS | COUNTS:
        if len(token.pieces) > 1:
            return Problem(f"{word} takes one value: {EXAMPLES[word]}", token.span)
        return (_span if word in SPANS else _count)(word, token.pieces[0])
    if word in CHOICES:
        return _choices(word, token.pieces)
    return tuple(piece.text.casefold() for piece in token.pieces)


def _span(word: Word, piece: Piece) -> timedelta | Problem:
    try:
        return parse_duration(piece.text, field=word, least=timedelta())
    except Invalid as refused:
        problem = refused.fields[word]
        begins, _ = piece.span
        within = None if problem.span is None else tuple(begins + at for at in problem.span)
        return Problem(
            f"{word}: {problem.text}", piece.span if within is None else (within[0], within[1])
        )


def _count(word: Word, piece: Piece) -> int | Problem:
    digits = piece.text.removeprefix("-") if word is Word.PRIORITY else piece.text
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS):
        return Problem(f"{word} takes a whole number: {EXAMPLES[word]}", piece.span)
    return int(piece.text)


def _choices(word: Word, pieces: tuple[Piece, ...]) -> tuple[str, ...] | Problem:
    known = CHOICES[word]
    for piece in pieces:
        text = piece.text.casefold()
        if text not in known:
            close = get_close_matches(text, known, n=1)
            may_be = f"did you mean {close[0]}?" if close else f"it may be {', '.join(known)}"
            return Problem(f"{word} is never {_cut(piece.text)!r}: {may_be}", piece.span)
    values = tuple(piece.text.casefold() for piece in pieces)
    is_mixed = word is Word.STATUS and 0 < len(set(values).intersection(STORED)) < len(set(values))
    if is_mixed:
        span = (pieces[0].span[0], pieces[-1].span[1])
        return Problem(
            "active and completed are kept, not shown: ask for them in a term apart", span
        )
    return values


def _cut(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"
