"""How people refer to things: by the beginning of an id, or by a name they may have mistyped."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from tfui.runners.payload import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

_DIGITS = frozenset("0123456789abcdef")


def id_range(reference: str) -> tuple[UUID, UUID] | None:
    """Give the first and last id that begin so, dashes or not; None when no id can."""
    digits = reference.strip().lower().replace("-", "")
    if not digits or len(digits) > 32 or not _DIGITS.issuperset(digits):
        return None
    return UUID(hex=digits.ljust(32, "0")), UUID(hex=digits.ljust(32, "f"))


def unknown(noun: str, name: str, known: Iterable[str]) -> str:
    """Say that there is no such thing, and which name was probably meant."""
    names = tuple(known)
    hint = f"; {nearest(name[:100], names)}" if names else ""
    return f"there is no {noun} {name[:100]!r}{hint}"
