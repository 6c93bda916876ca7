"""The doctor: recounts what the store promises over the store's own rows, and says what to do.

It only reads. The ledger is recounted in one moment of the store, however many engines write to it
meanwhile; what follows from the present (who lives, what is due) is looked up afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.finding import Finding, Severity
from tfui.core.rights import Right
from tfui.service import doctor_engines, doctor_ledger, doctor_links, doctor_lost, doctor_machine
from tfui.store import checks, checks_links, journal, migrations
from tfui.store.pruning import Retention

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction

_COMPARE = "the journal was changed outside of tfui; compare it with a backup of the database"
_ORDER = {severity: place for place, severity in enumerate(Severity)}


_UNDAMAGED = {
    "sqlite": "SQLite finds its pages, its indexes and the references it knows of in order",
    "postgresql": "the server checks its pages and references itself; nothing was read again here",
}


def examine(caller: Caller) -> list[Finding]:
    """Examine the caller's database, the worst findings first. Raises Forbidden and Unavailable."""
    now = caller.now()
    with caller.reading(Right.ADMINISTER) as tx:
        tx.dialect.freeze(tx.connection)
        findings = [*doctor_ledger.findings(tx, caller.organization_id), _journal(tx, now)]
        findings += doctor_links.findings(tx, caller.organization_id)
        findings += doctor_lost.findings(tx, caller.organization_id)
    with caller.reading(Right.ADMINISTER) as tx:
        findings += doctor_engines.findings(tx, caller.organization_id, now)
        findings.append(_schema(tx))
        findings += doctor_machine.clock(tx, now)
        findings.append(doctor_machine.zones(checks.zone_names(tx, caller.organization_id), now))
        findings.append(_damage(tx))
    findings += doctor_machine.files(caller.store.path)
    return sorted(findings, key=lambda finding: _ORDER[finding.severity])


def _journal(tx: Transaction, now: datetime) -> Finding:
    kept_since = now - Retention().journal_age
    broken = journal.verify(tx, kept_since=kept_since)
    first = checks_links.beheaded(tx, kept_since) if broken is None else None
    if first is not None:
        return Finding(
            severity=Severity.ERROR,
            subject="journal",
            text=f"what came before entry {first} is missing, and nothing here is old enough to be pruned",
            advice=_COMPARE,
        )
    if broken is None:
        text = "every entry is whole and chained to the one before it"
        return Finding(severity=Severity.OK, subject="journal", text=text)
    return Finding(
        severity=Severity.ERROR,
        subject="journal",
        text=broken.text if broken.entry_id is None else f"entry {broken.entry_id}: {broken.text}",
        advice=_COMPARE,
    )


def _schema(tx: Transaction) -> Finding:
    found = migrations.revision(tx.connection)
    if found == migrations.HEAD:
        return Finding(severity=Severity.OK, subject="schema", text=f"revision {found}, the newest")
    return Finding(
        severity=Severity.ERROR,
        subject="schema",
        text=f"revision {found or 'none'}; this tfui works with {migrations.HEAD}",
        advice="run `tfui db upgrade`",
    )


def _damage(tx: Transaction) -> Finding:
    damage = tx.dialect.damage(tx.connection)
    if not damage:
        text = _UNDAMAGED[tx.dialect.name]
        return Finding(severity=Severity.OK, subject="database", text=text)
    more = f" (and {len(damage) - 1} more)" if len(damage) > 1 else ""
    return Finding(
        severity=Severity.ERROR,
        subject="database",
        text=f"it is damaged: {damage[0]}{more}",
        advice="stop every engine and go back to a backup; `sqlite3 tfui.db .recover` may save the rest",
    )
