"""`tfui depend graph`: all that comes after something as one tree, with how each is doing now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.cli import output
from tfui.cli.output import Styled
from tfui.cli.rows import standing
from tfui.core.layers import layered
from tfui.core.outline import outlined
from tfui.core.states import DependencyStatus

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.core.outline import Branch
    from tfui.service.graph import Edge, Graph


def tell(graph: Graph, now: datetime) -> None:
    """Print the tree; a schedule with several parents stands below the nearest and names the others."""
    rows = {row.id: row for row in graph.nodes}
    pairs = [(edge.dependency.parent_id, edge.dependency.child_id) for edge in graph.edges]
    layers = layered(list(rows), pairs)
    edges = {(edge.dependency.parent_id, edge.dependency.child_id): edge for edge in graph.edges}
    for branch in outlined(layers):
        row = rows[branch.key]
        above = [] if branch.under is None else [branch.under, *branch.also_after]
        parents = [edges[one, branch.key] for one in above]
        output.say(
            Styled(_guides(branch), "dim"),
            Styled(output.one_line(row.name), "bold"),
            " ",
            standing(row, now),
            Styled(
                "".join(_after(edge, is_near=not nth) for nth, edge in enumerate(parents)), "dim"
            ),
        )
    for parent, child in layers.cut:
        names = [output.one_line(rows[one].name) for one in (child, parent)]
        output.warn(f"a circle, so none of it can start; take away: {' after '.join(names)}")
    if graph.alone:
        word = "schedule stands" if graph.alone == 1 else "schedules stand"
        output.remark(f"{graph.alone} {word} alone")


def _guides(branch: Branch[UUID]) -> str:
    if not branch.forks:
        return ""
    passing = "".join("│  " if fork else "   " for fork in branch.forks[:-1])
    return passing + ("├─ " if branch.forks[-1] else "└─ ")


def _after(edge: Edge, *, is_near: bool) -> str:
    """Say on what of a parent it starts, and whether it waits for that now; the nearest stands above."""
    said = [edge.dependency.dependency_type.value]
    if edge.status is DependencyStatus.PENDING:
        said.append("waits now")
    name = "" if is_near else f"after {output.one_line(edge.dependency.parent)}: "
    return f"  ({name}{', '.join(said)})"
