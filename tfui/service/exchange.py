"""Schedules in: crontabs line by line, and whole documents, so that importing again changes nothing.

An imported line is known again by the file it came from and by what it says. Importing the same file
again therefore leaves its schedules alone, also those that a person has edited since; a line that
changed becomes an edit of its schedule; one that is gone from the file is reported and left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core import crontab
from tfui.core.rights import Right
from tfui.core.states import ScheduleStatus
from tfui.service import drafts, parent_documents
from tfui.service.document_reading import read_documents
from tfui.service.import_matching import Known, match, read_wanted
from tfui.service.import_plan import Change, ImportedLine, Plan, Writing

if TYPE_CHECKING:
    from tfui.core.crontab import Refusal
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction

WRITE = Right.SCHEDULED_JOB_WRITE


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became, or would become, of every line of a crontab."""

    source: str
    is_dry_run: bool
    has_seconds: bool
    """The file was read with six fields, seconds first."""
    variables: int
    lines: list[ImportedLine]
    refusals: list[Refusal]
    gone: list[str]
    """Schedules that were imported from this file and whose lines are no longer in it."""
    gone_but_active: list[str]
    """Those of them that go on running."""

    @property
    def counts(self) -> dict[Change, int]:
        """Count the lines by what is done about them."""
        return {change: sum(line.change is change for line in self.lines) for change in Change}

    @property
    def is_idle(self) -> bool:
        """Whether nothing is written."""
        return not (self.counts[Change.CREATED] or self.counts[Change.EDITED])

    @property
    def carried_by_all(self) -> list[str]:
        """Give what comes with every line, in words."""
        first, *others = [line.carries for line in self.lines] or [[]]
        return [each for each in first if all(each in other for other in others)]


def import_crontab(
    caller: Caller,
    text: str,
    *,
    source: str,
    timezone: str,
    system: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Import a crontab in one act; `source` names the file, `timezone` holds where no CRON_TZ does.

    Lines that cannot be schedules are in the report, and the rest goes on. Raises Forbidden.
    """
    read = crontab.parse(text, system=system)
    wanted = read_wanted(read, timezone=timezone)
    drafts.prepare("shell")
    opened = caller.reading(WRITE) if dry_run else caller.writing(WRITE)
    with opened as tx:
        known = _known(tx, caller)
        match(wanted, known, source)
        writing = None if dry_run else Writing(tx, caller)
        plan = Plan(tx, caller, source, known, writing)
        for each in wanted:
            plan.carry_out(each)
        plan.finish()
        if writing is not None:
            caller.record(tx, writing.entries)
    matched = {each.match.schedule.id for each in wanted if each.match is not None}
    gone = [
        each.schedule
        for each in known
        if each.origin.get("source") == source and each.schedule.id not in matched
    ]
    return ImportReport(
        source=source,
        is_dry_run=dry_run,
        has_seconds=read.has_seconds,
        variables=read.variables,
        lines=plan.lines,
        refusals=sorted([*read.refusals, *plan.refusals], key=lambda refusal: refusal.line),
        gone=[schedule.name for schedule in gone],
        gone_but_active=[
            schedule.name for schedule in gone if schedule.status == ScheduleStatus.ACTIVE
        ],
    )


def import_documents(
    caller: Caller, text: str, *, source: str, dry_run: bool = False
) -> ImportReport:
    """Import what `export yaml` or `export json` wrote, in one act; a line is a place in the list.

    A schedule is known by its name and made what the file says. What cannot be is in the report,
    and the rest goes on. Raises Invalid when the text is no such document, and Forbidden.
    """
    wanted, refusals = read_documents(text)
    drafts.prepare("shell")
    opened = caller.reading(WRITE) if dry_run else caller.writing(WRITE)
    with opened as tx:
        known = _known(tx, caller)
        by_name = {each.schedule.name: each for each in known}
        writing = None if dry_run else Writing(tx, caller)
        plan = Plan(tx, caller, source, known, writing, is_whole=True)
        for each in wanted:
            each.match = by_name.get(str(each.document.get("name")))
            plan.carry_out(each)
        plan.finish()
        if writing is not None:
            caller.record(tx, writing.entries)
    return ImportReport(
        source=source,
        is_dry_run=dry_run,
        has_seconds=False,
        variables=0,
        lines=plan.lines,
        refusals=sorted([*refusals, *plan.refusals], key=lambda refusal: refusal.line),
        gone=[],
        gone_but_active=[],
    )


def _known(tx: Transaction, caller: Caller) -> list[Known]:
    found = parent_documents.everything(tx, caller.organization_id)
    return [
        Known(schedule=schedule, queue=queue, document=document)
        for schedule, queue, document in found
    ]
