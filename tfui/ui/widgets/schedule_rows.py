"""What is behind a long list: all identifiers in order, and the rows near what is seen."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, overload
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PAGE = 128  # rows read at once: three screens of a large terminal
KEPT = 64 * PAGE  # rows remembered; a few MB


class Order(Protocol):
    """Identifiers in list order; the service keeps a million of them in a few bytes each."""

    def __len__(self) -> int: ...

    @overload
    def __getitem__(self, index: int) -> UUID: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[UUID]: ...

    def place(self, row_id: UUID) -> int | None:
        """Give where the identifier stands, or None."""


class Nothing(tuple[UUID, ...]):
    """The order of an empty list, before anything was read."""

    __slots__ = ()

    def place(self, row_id: UUID) -> int | None:  # noqa: ARG002  # there is nothing to be found
        """Find nothing."""
        return None


class Identified(Protocol):
    """A row that says which it is."""

    @property
    def id(self) -> UUID:
        """Its identifier."""


Row = TypeVar("Row", bound=Identified)


class Rows(Generic[Row]):
    """Identifiers in list order and a bounded memory of their rows."""

    def __init__(self) -> None:
        self.ids: Order = Nothing()
        self._rows: OrderedDict[UUID, Row] = OrderedDict()

    def replace(self, ids: Order, fresh: Iterable[Row]) -> None:
        """Take a new order; every row not read with it is out of date and forgotten."""
        self.ids = ids
        self._rows.clear()
        self.put(fresh)

    def put(self, rows: Iterable[Row]) -> None:
        """Remember rows, forgetting those not looked at for longest."""
        for row in rows:
            self._rows[row.id] = row
            self._rows.move_to_end(row.id)
        while len(self._rows) > KEPT:
            self._rows.popitem(last=False)

    def at(self, index: int) -> Row | None:
        """Give the row at a place in the list, or None while it has not been read."""
        return self._rows.get(self.ids[index])

    def of(self, row_id: UUID) -> Row | None:
        """Give a row by its identifier, if it is remembered."""
        return self._rows.get(row_id)

    def missing(self, first: int, last: int) -> Sequence[UUID]:
        """Give the identifiers of whole pages from `first` to `last` that hold an unread row."""
        wanted: list[UUID] = []
        for page in range(max(0, first) // PAGE, max(0, last) // PAGE + 1):
            ids = self.ids[page * PAGE : (page + 1) * PAGE]
            if any(row_id not in self._rows for row_id in ids):
                wanted.extend(ids)
        return wanted


def page_span(first: int, last: int) -> slice:
    """Give the slice of whole pages that holds lines `first` to `last`."""
    return slice(max(0, first) // PAGE * PAGE, (max(0, last) // PAGE + 1) * PAGE)
