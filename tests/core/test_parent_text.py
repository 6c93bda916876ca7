"""Parents as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfui.core.parent_text import (
    Parent,
    read_parent,
    read_parents,
    write_parent,
    write_parents,
)
from tfui.core.states import DependencyType
from tfui.errors import Invalid

SEQUENTIAL, PARALLEL, CONDITIONAL = DependencyType


@pytest.mark.parametrize(
    ("text", "parent"),
    [
        ("billing", Parent("billing")),
        ("  billing ", Parent("billing")),
        ("billing:parallel", Parent("billing", PARALLEL)),
        ("billing:conditional:1h30m", Parent("billing", CONDITIONAL, 5400)),
        ("team:billing", Parent("team:billing")),
        ("team:billing:conditional", Parent("team:billing", CONDITIONAL)),
        ("billing:1h", Parent("billing:1h")),
    ],
)
def test_it_reads_a_name_a_kind_and_a_window(text: str, parent: Parent) -> None:
    assert read_parent(text) == parent


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a\nb:conditional:1x", (17, 18)),
        ("a:parallel:10", (11, 13)),
        ("a\n:conditional", (2, 14)),
    ],
)
def test_what_is_wrong_is_pointed_at(text: str, span: tuple[int, int]) -> None:
    with pytest.raises(Invalid) as refused:
        read_parents(text)

    assert refused.value.fields["after"].span == span


def test_the_last_line_of_a_name_counts_and_empty_ones_do_not() -> None:
    assert read_parents("a\n\n b:parallel\na:conditional\n") == (
        Parent("a", CONDITIONAL),
        Parent("b", PARALLEL),
    )


_names = st.one_of(
    st.sampled_from(["a:conditional", "a:parallel:1h", "b:sequential", "x:1h", "日本語"]),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12),
)
_parents = st.builds(
    Parent, _names, st.sampled_from(DependencyType), st.none() | st.integers(1, 31_622_400)
)


@given(_parents)
def test_what_is_written_reads_the_same(parent: Parent) -> None:
    assert read_parent(write_parent(parent)) == parent


@given(st.lists(_parents, max_size=4, unique_by=lambda parent: parent.name))
def test_several_written_read_the_same(parents: list[Parent]) -> None:
    assert read_parents(write_parents(parents)) == tuple(parents)
