"""Finding a schedule: by its name whatever the name looks like, or by digits that begin only its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.world import ADA, NOON, a_schedule, new_id
from tfui.errors import Conflict, NotFound
from tfui.model.schedule import ScheduleQuery
from tfui.service import schedules
from tfui.service.caller import Caller, local_caller

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.store.connection import Store


@pytest.fixture
def ada(store: Store, clock: FrozenClock) -> Caller:
    return local_caller(store, clock, via="cli")


def made(caller: Caller, *names: str) -> list[UUID]:
    with caller.store.writing(by=ADA, now=NOON) as tx:
        return [a_schedule(tx, caller.organization_id, name=name) for name in names]


@pytest.mark.parametrize("name", ["nightly", "0", "019", "a b", "[red]", "%", "_", "🕰", "-", "'"])
def test_a_name_finds_its_schedule_among_many(ada: Caller, name: str) -> None:
    """Every id begins with the digits of the time it was made, so `0` and `019` begin them all."""
    made(ada, *(f"other-{number}" for number in range(30)))
    (wanted,) = made(ada, name)

    assert wanted == schedules.find(ada, name)


def test_a_whole_id_finds_its_schedule_with_and_without_dashes(ada: Caller) -> None:
    wanted, _ = made(ada, "nightly", "hourly")

    assert wanted == schedules.find(ada, str(wanted))
    assert wanted == schedules.find(ada, wanted.hex.upper())


def test_a_beginning_that_fits_several_ids_is_refused_with_their_names(ada: Caller) -> None:
    first, _ = made(ada, "nightly", "hourly")

    with pytest.raises(Conflict, match="nightly"):
        schedules.find(ada, first.hex[:4])


def test_a_name_goes_before_the_beginning_of_anothers_id(ada: Caller) -> None:
    (other,) = made(ada, "nightly")
    (named,) = made(ada, other.hex[:20])

    assert named == schedules.find(ada, other.hex[:20])


@pytest.mark.parametrize(
    "reference", ["", " ", "zz", "0" * 33, "nightl", "NIGHTLY", "\0", "\ud800", "ü" * 999]
)
def test_what_names_nothing_is_not_found(ada: Caller, reference: str) -> None:
    made(ada, "nightly", "hourly")

    with pytest.raises(NotFound):
        schedules.find(ada, reference)


def test_a_slip_of_the_pen_is_told(ada: Caller) -> None:
    made(ada, "nightly", "hourly")

    with pytest.raises(NotFound, match="did you mean 'nightly'"):
        schedules.find(ada, "nigthly")


def test_deleted_ones_are_found_only_when_asked_for(ada: Caller) -> None:
    (gone,) = made(ada, "nightly")
    schedules.delete(ada, [gone])

    with pytest.raises(NotFound):
        schedules.find(ada, "nightly")
    assert gone == schedules.find(ada, "nightly", deleted=True)


def test_of_several_deleted_ones_with_a_name_the_newest_is_found(
    ada: Caller,
    clock: FrozenClock,
) -> None:
    from datetime import timedelta

    for _ in range(3):
        (newest,) = made(ada, "nightly")
        clock.advance(timedelta(minutes=1))
        schedules.delete(ada, [newest])

    assert newest == schedules.find(ada, "nightly", deleted=True)


def test_another_organization_sees_nothing(ada: Caller) -> None:
    from dataclasses import replace

    (own,) = made(ada, "nightly")
    stranger = replace(ada, organization_id=new_id())

    for reference in ("nightly", str(own)):
        with pytest.raises(NotFound):
            schedules.find(stranger, reference)


@pytest.mark.parametrize("text", ["\0", "\ud800", "night\0ly"])
@pytest.mark.parametrize("field", ["search", "queue", "job_type"])
def test_a_list_of_what_no_store_can_hold_is_empty(ada: Caller, field: str, text: str) -> None:
    made(ada, "nightly")

    query = ScheduleQuery(**{field: text})  # type: ignore[arg-type]  # three texts by name
    assert len(schedules.ids(ada, query)) == 0
    assert schedules.page(ada, query).total == 0
