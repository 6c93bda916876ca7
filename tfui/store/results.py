"""Results: how attempts ended, written for many jobs in one transaction, the successes together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, bindparam, literal_column, null, select

from tfui.core.states import AttemptOutcome, JobStatus
from tfui.model.columns import table_of, to_microseconds
from tfui.model.job import Attempt, Job
from tfui.store import firing, setbacks, streaks
from tfui.store.endings import Settlement, is_accepted
from tfui.store.kept import ID, from_kept, id_named, instant_named, kept_id, to_kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.store.connection import Transaction
    from tfui.store.endings import Ended

_JOB = table_of(Job)
_J = _JOB.c
_ATTEMPT = table_of(Attempt)

# The common case, which changes fewer columns than a setback.
_SUCCEEDED = (
    _JOB.update()
    .where(
        _J.id == id_named("job"),
        _J.fence == bindparam("its_fence"),
        _J.status == literal_column("'running'"),
    )
    .values(
        status=literal_column("'succeeded'"),
        lease_owner=null(),
        lease_until=null(),
        started_at=instant_named("began"),
        finished_at=instant_named("ended"),
        exit_code=bindparam("code", type_=Integer()),
        error=null(),
    )
)
_WRITE_ATTEMPT = _ATTEMPT.insert().values(
    job_id=id_named("job"),
    fence=bindparam("its_fence"),
    number=bindparam("its_number", type_=Integer()),
    node_id=id_named("node"),
    started_at=instant_named("began"),
    finished_at=instant_named("ended"),
    outcome=bindparam("how", type_=String()),
    exit_code=bindparam("code", type_=Integer()),
    error=bindparam("why", type_=String()),
)


def settle(tx: Transaction, results: Sequence[Ended]) -> Settlement:
    """Write how attempts ended; retry, pause and release what follows from it."""
    done = Settlement()
    successes = [one for one in results if one.outcome is AttemptOutcome.SUCCEEDED]
    others = [one for one in results if one.outcome is not AttemptOutcome.SUCCEEDED]
    rows = _attempts(tx, successes)
    accepted = _settle_successes(tx, successes, rows, done)
    if len(accepted) < len(successes):
        rows = _attempts(tx, accepted)
    if others:
        also = setbacks.settle(tx, others, done)
        accepted, rows = accepted + also, rows + _attempts(tx, also)
    if accepted:
        tx.dialect.execute_many(tx.connection, _WRITE_ATTEMPT, rows)
        done.released = firing.release(
            tx,
            {
                from_kept(one.schedule_key)
                for one in accepted
                if one.schedule_key is not None and one.may_have_followers
            },
        )
        done.released += firing.follow(tx, [one.job_id for one in accepted])
    return done


def _settle_successes(
    tx: Transaction,
    results: list[Ended],
    rows: list[dict[str, Any]],
    done: Settlement,
) -> list[Ended]:
    if not results:
        return []
    if tx.dialect.execute_many(tx.connection, _SUCCEEDED, rows) != len(rows):
        ours = _succeeded(tx, results)
        results = [one for one in results if is_accepted(tx, one, int(one.key in ours), done)]
    done.statuses[JobStatus.SUCCEEDED] += len(results)
    keys = (one.schedule_key for one in results)
    streaks.note_successes(tx, (key for key in keys if key is not None))
    return results


def _attempts(tx: Transaction, results: list[Ended]) -> list[dict[str, Any]]:
    name = tx.dialect.name
    nodes = {
        node_id: to_kept(node_id, dialect=name) for node_id in {one.node_id for one in results}
    }
    return [
        {
            "job": one.key,
            "its_fence": one.fence,
            "its_number": one.attempt,
            "node": nodes[one.node_id],
            "began": to_microseconds(one.started_at),
            "ended": to_microseconds(one.finished_at),
            "how": one.outcome.value,
            "code": one.exit_code,
            "why": one.error,
        }
        for one in results
    ]


def _succeeded(tx: Transaction, results: list[Ended]) -> set[Any]:
    """Give those whose jobs have succeeded by this very attempt, which has not been written yet."""
    fences = {one.key: one.fence for one in results}
    its = select(_ATTEMPT.c.job_id).where(_ATTEMPT.c.job_id == _J.id, _ATTEMPT.c.fence == _J.fence)
    query = select(kept_id(_J.id), _J.fence).where(
        _J.id.in_(bindparam("jobs", expanding=True, type_=ID)),
        _J.status == JobStatus.SUCCEEDED,
        ~its.exists(),
    )
    rows = tx.connection.execute(query, {"jobs": list(fences)})
    return {row.id for row in rows if row.fence == fences[row.id]}
