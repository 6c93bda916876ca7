"""One entry of the record whole: who, when and how, and every field before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tfui.ui import audit_words, spans
from tfui.ui.plain import plain, to_ascii
from tfui.ui.widgets.facts import Fact, Facts

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from textual.app import ComposeResult

    from tfui.model.journal import JournalRow


class AuditDetail(VerticalScroll):
    """Tells the entry under the cursor."""

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii
        self._shown: int | None = None

    def compose(self) -> ComposeResult:
        """Lay out facts over the hint."""
        yield Facts(id="audit-facts")
        yield Facts(id="audit-fields")
        yield Static("", id="audit-hint", markup=False)

    def show(
        self,
        row: JournalRow | None,
        why_not: str | None,
        zone: tzinfo | None,
        now: datetime,
    ) -> None:
        """Tell another entry; `why_not` says why it cannot be reverted."""
        hint = self.query_one("#audit-hint", Static)
        if row is None:
            self.border_title = ""
            for told in self.query(Facts):
                told.show([])
            hint.update("")
            return
        if row.id != self._shown:
            self._shown = row.id
            self.scroll_home(animate=False)
        self.border_title = Content(self._text(f"#{row.id} {audit_words.verb(row)} {row.subject}"))
        self.query_one("#audit-facts", Facts).show(self._about(row, zone, now))
        self.query_one("#audit-fields", Facts).show(self._fields(row, zone, now))
        said = f"cannot be reverted: {why_not}" if why_not else "z reverts this as a new entry"
        hint.update(Content.styled(self._text(said), "$dim"))

    def _about(self, row: JournalRow, zone: tzinfo | None, now: datetime) -> list[Fact]:
        ago = f"{spans.long(now - row.at)} ago"
        through = audit_words.WAYS.get(row.via, row.via)
        facts = [
            Fact("when", Content(spans.moment(row.at, zone, now))),
            Fact("", Content.styled(ago, "$dim")),
            Fact("who", Content.assemble((self._text(row.by), "bold"), f" through {through}")),
            Fact("what", Content(self._text(row.verb))),
            Fact(
                "on", Content.assemble((self._text(row.subject), "bold"), f"  {row.subject_type}")
            ),
        ]
        if row.redoes is not None:
            told = f"entry #{row.redoes}, which entry #{row.undoes} had undone"
            facts.append(Fact("redoes", Content(told)))
        elif row.undoes is not None:
            facts.append(Fact("undoes", Content(f"entry #{row.undoes}")))
        if row.undone_by is not None:
            facts.append(Fact("undone", Content(f"by entry #{row.undone_by}")))
        return facts

    def _fields(self, row: JournalRow, zone: tzinfo | None, now: datetime) -> list[Fact]:
        found: list[Fact] = []
        for one in audit_words.changes(row, zone, now):
            found.append(Fact("", Content.styled(self._text(one.field), "bold")))
            if one.before is not None:
                found.append(self._side("-", one.before, "$st-fail"))
            if one.after is not None:
                found.append(self._side("+", one.after, "$st-ok"))
        return found or [Fact("", Content.styled("no fields are told", "$dim"))]

    def _side(self, sign: str, value: str, style: str) -> Fact:
        return Fact(sign, Content.styled(self._text(value), style), style)

    def _text(self, text: str) -> str:
        text = plain(text)
        return to_ascii(text) if self._ascii else text
