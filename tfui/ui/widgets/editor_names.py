"""Completion of a field from names that only the store or the machine knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.suggester import Suggester

if TYPE_CHECKING:
    from collections.abc import Sequence


class Names(Suggester):
    """Completes from names that are known only later, in any case."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=False)
        self.known: Sequence[str] = ()

    async def get_suggestion(self, value: str) -> str | None:
        """Give the first name that begins so."""
        return next((name for name in self.known if name.casefold().startswith(value)), None)
