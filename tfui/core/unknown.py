"""Words in the database that this version does not know, of a newer one or written by hand.

Each is read as a value of its enumeration that equals its word and is none of the members, so that
it is shown by its own word wherever the members are by theirs. What acts on one refuses it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

_E = TypeVar("_E", bound=StrEnum)


def read(kind: type[_E], word: str) -> _E:
    """Give the value of an enumeration that a stored word stands for, whatever it is."""
    try:
        return kind(word)
    except ValueError:
        stranger = str.__new__(kind, word)
        stranger._name_ = stranger._value_ = word
        return stranger


def told(word: str) -> str:
    """Show a stranger, with nothing in it that would move a cursor."""
    return f"{str(word)!a} (not known to this version)"


class Words(dict[_E, str]):
    """What is said of each member; a stranger is told by its own word."""

    def __missing__(self, stranger: _E) -> str:
        return told(stranger)
