"""How a record without a name is called: by the beginning of its identifier that people can type."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

_TELLING = 18


def short(found: UUID) -> str:
    """Give the part of an identifier that tells it from others: its millisecond and count."""
    return str(found)[:_TELLING]
