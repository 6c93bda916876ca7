"""Engines: who serves this store, whether they still say that they live, and what they stand on."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tfui.core.finding import Severity
from tfui.core.rights import Right
from tfui.model.node import Storage
from tfui.service import doctor_engines, doctor_machine
from tfui.store import nodes as store

if TYPE_CHECKING:
    from tfui.core.finding import Finding
    from tfui.model.node import NodeRow
    from tfui.service.caller import Caller


def nodes(caller: Caller) -> list[NodeRow]:
    """Give the engines that are known, living ones first, then the newest."""
    with caller.reading(Right.QUEUE_READ) as tx:
        return store.rows(tx, caller.now())


def storage(caller: Caller) -> Storage:
    """Tell of the database: its kind, its place, how large it is, and the disk that is left for it."""
    path = caller.store.path
    with caller.reading(Right.QUEUE_READ) as tx:
        size = tx.dialect.size(tx.connection)
    log = None if path is None else path.with_name(f"{path.name}-wal")
    return Storage(
        kind=caller.store.dialect.name,
        label=caller.store.label,
        size=size,
        log_size=log.stat().st_size if log is not None and log.is_file() else None,
        free=None if path is None else shutil.disk_usage(path.parent).free,
    )


def troubles(caller: Caller) -> list[Finding]:
    """Give those findings of the doctor that are cheap enough to look for all the time."""
    now = caller.now()
    with caller.reading(Right.QUEUE_READ) as tx:
        found = [
            *doctor_engines.findings(tx, caller.organization_id, now),
            *doctor_machine.clock(tx, now),
        ]
    found += doctor_machine.files(caller.store.path)
    return [finding for finding in found if finding.severity is not Severity.OK]
