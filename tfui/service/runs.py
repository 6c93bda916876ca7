"""What all schedules did: every job of the organization, and what did not become one, with reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.rights import Right
from tfui.errors import Invalid
from tfui.store import runs as store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tfui.model.run import RunOrder, RunQuery, RunRow
    from tfui.service.caller import Caller


def order(caller: Caller, query: RunQuery, *, limit: int) -> RunOrder:
    """Give the lines of about the `limit` newest jobs and as many gaps, newest planned first."""
    if limit < 1:
        raise Invalid({"limit": f"{limit} is not a whole number from 1 up"})
    with caller.reading(Right.JOB_READ) as tx:
        return store.order(tx, caller.organization_id, query, limit=limit)


def rows(caller: Caller, ids: Sequence[UUID]) -> list[RunRow]:
    """Give lines in the order asked for; those that are gone are left out."""
    with caller.reading(Right.JOB_READ) as tx:
        return store.rows(tx, caller.organization_id, ids)
