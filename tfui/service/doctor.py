"""The doctor: recounts what the store promises over the store's own rows, and says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.finding import Finding, Severity
from tfui.core.rights import Right
from tfui.store import journal

if TYPE_CHECKING:
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction


def examine(caller: Caller) -> list[Finding]:
    """Examine the caller's database, the worst findings first. Raises Forbidden and Unavailable."""
    with caller.reading(Right.ADMINISTER) as tx:
        findings = [_journal(tx)]
    order = list(Severity)
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def _journal(tx: Transaction) -> Finding:
    broken = journal.verify(tx)
    if broken is None:
        return Finding(
            severity=Severity.OK, subject="journal", text="every entry is chained to the one before"
        )
    return Finding(
        severity=Severity.ERROR,
        subject="journal",
        text=f"entry {broken.entry_id}: {broken.text}",
        advice="somebody changed the journal outside of tfui; compare it with a backup",
    )
