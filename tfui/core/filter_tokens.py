"""Takes a filter's text apart: where each term begins and ends, its mark, its word and its values.

It knows the shape of terms and no word's meaning, and it takes every text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A word is letters right before a relation; `https://…` and `12:30` are text.
_WORD = re.compile(r"([A-Za-z]+)(:(?!//)|<=|>=|<|>)")
_MARK = re.compile(r"[!-](?!-)")  # `--day` is text that somebody looks for
_SPACE = re.compile(r"\s*")
_ESCAPED = re.compile(r"\\([\\\"])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A value without its quotes, and where it stood with them."""

    text: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One term as it was typed."""

    span: tuple[int, int]
    is_negated: bool
    word: str
    """The letters before the relation; "" for a bare word."""
    word_span: tuple[int, int]
    relation: str
    """`:`, `<`, `>`, `<=` or `>=`; "" for a bare word."""
    pieces: tuple[Piece, ...]
    """What follows; a word's values stand apart at commas. Never empty, but pieces may be."""


def tokens(text: str) -> Iterator[Token]:
    """Give the terms of a text in their order."""
    place = _skip(text, 0)
    while place < len(text):
        token = _token(text, place)
        yield token
        place = _skip(text, token.span[1])


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return place if found is None else found.end()


def _token(text: str, start: int) -> Token:
    is_negated = _MARK.match(text, start) is not None
    begins = start + is_negated
    word = _WORD.match(text, begins)
    place = begins if word is None else word.end()
    pieces = [_piece(text, place, is_listed=word is not None)]
    while word is not None and text.startswith(",", pieces[-1].span[1]):
        pieces.append(_piece(text, pieces[-1].span[1] + 1, is_listed=True))
    return Token(
        span=(start, pieces[-1].span[1]),
        is_negated=is_negated,
        word="" if word is None else word[1],
        word_span=(begins, begins) if word is None else word.span(1),
        relation="" if word is None else word[2],
        pieces=tuple(pieces),
    )


def _piece(text: str, start: int, *, is_listed: bool) -> Piece:
    """Read one value: up to a space, or to a comma in a list; quotes at its beginning hold both."""
    place = start
    if text.startswith('"', start):
        place = start + 1
        while place < len(text) and text[place] != '"':
            place += 2 if text.startswith(("\\\\", '\\"'), place) else 1
        place = min(place, len(text))
        quoted = _ESCAPED.sub(r"\1", text[start + 1 : place])
        if place + 1 >= len(text) or _ends(text[place + 1], is_listed=is_listed):
            # Quotes that are still open hold all that is left: a filter is read as it is typed.
            return Piece(quoted, (start, min(place + 1, len(text))))
    while place < len(text) and not _ends(text[place], is_listed=is_listed):
        place += 1
    return Piece(text[start:place], (start, place))


def _ends(character: str, *, is_listed: bool) -> bool:
    return character.isspace() or (is_listed and character == ",")


def quoted(text: str, *, is_listed: bool = False) -> str:
    """Write a text so that it is read back whole: as a bare word, or as one value in a list."""
    first = next(iter(tokens(f"x:{text}" if is_listed else text)), None)
    read = () if first is None else first.pieces
    is_whole = first is not None and first.span[1] == len(text) + 2 * is_listed
    is_plain = is_whole and len(read) == 1 and read[0].text == text
    if is_plain and first is not None and (is_listed or not (first.word or first.is_negated)):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
