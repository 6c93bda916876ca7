"""The line above the audit: what it is filtered by, how much there is, and whether its chain holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from tfui.ui.plain import plain, to_ascii

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tfui.ui.audit_reading import ChainLook


class AuditBar(Horizontal):
    """Holds the filter's input; what is typed is told by that itself."""

    DEFAULT_CSS = "AuditBar { height: 1; }"

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield Static("/", id="audit-mark", markup=False)
        field = Input(
            placeholder="filter: actor:ana  object:backup  since:7d",
            compact=True,
            id="audit-filter",
        )
        field.cursor_blink = False
        yield field
        yield Static("", id="audit-chain", markup=False)

    @property
    def field(self) -> Input:
        """What the filter is typed into."""
        return self.query_one(Input)

    def say_problem(self, problem: str) -> None:
        """Say what of the filter is not understood."""
        self._say(self._drawn(f"✗ {plain(problem)}", "$st-fail"))

    def say_chain(self, entries: int, chain: ChainLook | None) -> None:
        """Say how many entries are listed, and what recounting the chain of all came to."""
        told = "1 entry" if entries == 1 else f"{entries:,} entries"
        count = Content.styled(f"{told}   ", "$dim")
        if chain is None:
            self._say(count, self._drawn("checking the chain", "$dim"))
        elif chain.broken_at is not None:
            told = f"✗ chain broken at #{chain.broken_at}: {chain.why}"
            self._say(count, self._drawn(told, "bold $st-fail"))
        elif chain.until is None:
            self._say()
        else:
            self._say(count, self._drawn(f"✓ chain verified to #{chain.until:,}", "$st-ok"))

    def _say(self, *told: Content) -> None:
        self.query_one("#audit-chain", Static).update(Content.assemble(*told))

    def _drawn(self, text: str, style: str) -> Content:
        return Content.styled(to_ascii(text) if self._ascii else text, style)
