"""Which fields of the form share a row, and which are there for some payloads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.ui.widgets.editor_spec import RAW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tfui.ui.widgets.editor_spec import FieldSpec


def is_of_payload(spec: FieldSpec) -> bool:
    """Whether a field is there for some job types or ways of editing only."""
    return spec.key == RAW or spec.job_type is not None


def rows(specs: list[FieldSpec]) -> Iterator[list[FieldSpec]]:
    """Put two short fields of the same job type beside each other."""
    row: list[FieldSpec] = []
    for spec in specs:
        if row and (spec.is_wide or len(row) == 2 or row[0].job_type != spec.job_type):
            yield row
            row = []
        row.append(spec)
        if spec.is_wide:
            yield row
            row = []
    if row:
        yield row
