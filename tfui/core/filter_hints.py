"""What may come next while a filter is typed: words, and the values of those that have a few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.filter_tokens import quoted, tokens
from tfui.core.filter_words import CHOICES, COUNTS, EXAMPLES, MEANINGS, SPANS, Word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tfui.core.filter_tokens import Token

_LETTERS = 2  # of a bare word before it may be taken for the beginning of a word of ours

OVERVIEW = (
    "status: queue: tag: type: next<1h last>2d runs>100 !not"
    " name: command: zone: owner: job: fails> priority>"
)
"""All words, for whoever has typed nothing yet; what is asked most comes first."""


def completions(text: str, known: Mapping[Word, Sequence[str]]) -> list[str]:
    """Give whole filters that `text` may be the beginning of; `known` are the values in use."""
    token = _last(text)
    if token is None:
        return []
    piece = token.pieces[-1]
    typed = piece.text.casefold()
    if token.word:
        values = _values(token, known)
        fitting = [quoted(value, is_listed=True) for value in values if _goes_on(value, typed)]
        return [text[: piece.span[0]] + value for value in fitting]
    if len(typed) < _LETTERS or text[piece.span[0]] == '"':
        return []
    words = [word for word in EXAMPLES if word.startswith(typed)]
    return [text[: piece.span[0]] + word + _relation(word) for word in words]


def hint(text: str, known: Mapping[Word, Sequence[str]]) -> str:
    """Say what may stand where the text ends; "" when there is nothing to say."""
    token = _last(text)
    if token is None:
        return OVERVIEW
    word, typed = _word(token), token.pieces[-1].text.casefold()
    if word is None:
        words = [each for each in EXAMPLES if len(typed) >= _LETTERS and each.startswith(typed)]
        return "  ".join(f"{each}{_relation(each)} {MEANINGS[each]}" for each in words[:1])
    fitting = [value for value in _values(token, known) if value.casefold().startswith(typed)]
    return f"{word}: {'  '.join(fitting)}" if fitting else f"{word}: {MEANINGS[word]}"


def is_unfinished(text: str) -> bool:
    """Whether the last term of a text lacks only what is still to be typed."""
    token = _last(text)
    if token is None:
        return False
    word = _word(token)
    typed = token.pieces[-1].text.casefold()
    if word is None:
        return not token.word and not typed
    if word in SPANS | COUNTS:
        return not typed or (word in SPANS and typed.isdigit())
    return not typed or any(_goes_on(value, typed) for value in CHOICES.get(word, ()))


def _last(text: str) -> Token | None:
    """Give the term that is being typed; None after a space."""
    found = list(tokens(text))
    return found[-1] if found and found[-1].span[1] == len(text) else None


def _word(token: Token) -> Word | None:
    return next((word for word in EXAMPLES if word == token.word.casefold()), None)


def _relation(word: Word) -> str:
    return "<" if word in SPANS else ">" if word in COUNTS else ":"


def _values(token: Token, known: Mapping[Word, Sequence[str]]) -> Sequence[str]:
    word = _word(token)
    if word is None:
        return ()
    return CHOICES.get(word) or known.get(word, ())


def _goes_on(value: str, typed: str) -> bool:
    return value.casefold().startswith(typed) and value.casefold() != typed
