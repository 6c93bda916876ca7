"""Texts that no database can hold, so that nothing kept can be equal to one."""

from __future__ import annotations


def can_be_kept(text: str) -> bool:
    """Whether a text could be in a column: it has no NUL and no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
