"""The graph behind the caller's door: who takes part, how each edge stands, what is only counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.states import AttemptOutcome, DependencyStatus, DependencyType
from tfui.service import dependencies, graph, schedules

if TYPE_CHECKING:
    from tests.service.desk import Desk


def told(desk: Desk) -> list[tuple[str, str, DependencyStatus | None]]:
    found = graph.whole(desk.viewer)
    return [(edge.dependency.parent, edge.dependency.child, edge.status) for edge in found.edges]


def test_only_who_takes_part_is_in_it_and_the_others_are_counted(desk: Desk) -> None:
    a, b, c, d = (desk.schedule(name=name, next_run_at=None) for name in "abcd")
    dependencies.add(desk.caller, c, a, dependency_type=DependencyType.CONDITIONAL)
    dependencies.add(desk.caller, d, c)
    desk.delete(d)

    found = graph.whole(desk.viewer)

    assert [row.name for row in found.nodes] == ["a", "c"]
    assert told(desk) == [("a", "c", None)]
    assert found.edges[0].dependency.dependency_type is DependencyType.CONDITIONAL
    assert found.alone == 1
    assert b not in {row.id for row in found.nodes}


def test_an_empty_store_has_an_empty_graph(desk: Desk) -> None:
    found = graph.whole(desk.viewer)

    assert (found.nodes, found.edges, found.alone) == ((), (), 0)


def test_an_edge_is_pending_while_the_childs_job_waits_and_resolved_once_it_need_not(
    desk: Desk,
) -> None:
    a, b = (desk.schedule(name=name, next_run_at=None) for name in "ab")
    dependencies.add(desk.caller, b, a)
    before, after = desk.worker.fire(a), desk.worker.fire(b)
    dependencies.link_jobs(desk.caller, after, before)
    assert told(desk) == [("a", "b", DependencyStatus.PENDING)]

    for claim in desk.worker.claim():
        desk.worker.ends(claim, AttemptOutcome.SUCCEEDED)
    assert told(desk) == [("a", "b", DependencyStatus.RESOLVED)]

    for claim in desk.worker.claim():
        desk.worker.ends(claim, AttemptOutcome.SUCCEEDED)
    assert told(desk) == [("a", "b", None)]


def test_a_row_of_a_chained_schedule_names_what_it_comes_after(desk: Desk) -> None:
    a, b, c = (desk.schedule(name=name, next_run_at=None) for name in "abc")
    dependencies.add(desk.caller, c, b, chained=True)
    dependencies.add(desk.caller, c, a)
    dependencies.add(desk.caller, b, a)

    assert [row.after for row in schedules.rows(desk.viewer, [a, b, c])] == [(), (), ("a", "b")]
