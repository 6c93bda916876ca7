"""Overlap: what becomes of an occurrence that is due while an earlier job of it still lives."""

from __future__ import annotations

from enum import StrEnum

from tfui.core.states import Overlap

BUFFER_LIMIT = 100  # what buffer_all keeps waiting; more would only hide that it never catches up


class Gate(StrEnum):
    """What to do with the occurrence."""

    RUN = "run"
    WAIT = "wait"
    """Create its job blocked, with the wait reason `overlap`."""
    SKIP = "skip"
    """Write it to the ledger as `skip_overlap`."""
    CANCEL_THEN_RUN = "cancel_then_run"
    """Cancel the live jobs; its job waits until they have ended."""


def decide(policy: Overlap, *, live: int, waiting: int) -> Gate:
    """Judge one occurrence by the schedule's `live` jobs, of which `waiting` wait for overlap."""
    if live <= 0 or policy is Overlap.ALLOW:
        return Gate.RUN
    if policy is Overlap.CANCEL_RUNNING:
        return Gate.CANCEL_THEN_RUN
    room = {Overlap.BUFFER_ONE: 1, Overlap.BUFFER_ALL: BUFFER_LIMIT}.get(policy, 0)
    return Gate.WAIT if waiting < room else Gate.SKIP
