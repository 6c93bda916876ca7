"""A schedule's ledger, to be scrolled through: the sum, and under it every gap with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content

from tfui.ui.ledger_facts import range_facts, sum_facts
from tfui.ui.plain import to_ascii
from tfui.ui.widgets.facts import Fact, Facts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo
    from uuid import UUID

    from textual.app import ComposeResult

    from tfui.ui.detail_reading import DetailLook


class LedgerView(VerticalScroll):
    """Tells the ledger of the schedule in the detail."""

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii
        self._told_of: UUID | None = None

    def compose(self) -> ComposeResult:
        """Lay out the sum over the ranges."""
        yield Facts(id="ledger-sum")
        yield Facts(id="ledger-ranges")

    def show(self, look: DetailLook, now: datetime, zone: tzinfo | None) -> None:
        """Take a new reading; one made while another tab was in front has no ledger."""
        row, ledger = look.detail.row, look.ledger
        if ledger is not None:
            self._tell(sum_facts(ledger, row.status, now, zone), range_facts(ledger, now, zone))
        elif row.id != self._told_of:
            self.clear()
        self._told_of = row.id

    def clear(self) -> None:
        """Tell nothing."""
        self._tell([], [])

    def _tell(self, law: Sequence[Fact], ranges: Sequence[Fact]) -> None:
        self.query_one("#ledger-sum", Facts).show(self._drawable(law))
        self.query_one("#ledger-ranges", Facts).show(self._drawable(ranges))

    def _drawable(self, facts: Sequence[Fact]) -> list[Fact]:
        if not self._ascii:
            return list(facts)
        return [
            Fact(
                to_ascii(fact.label),
                Content(to_ascii(fact.value.plain), spans=list(fact.value.spans)),
                fact.label_style,
            )
            for fact in facts
        ]
