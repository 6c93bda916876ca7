"""A schedule read for editing: whole, or known to be gone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.ui.editor_desk import BILLING
from tfui.errors import NotFound
from tfui.service import schedules
from tfui.ui.stored import stored

if TYPE_CHECKING:
    from tfui.service.caller import Caller


def test_a_schedule_is_read_as_it_is(caller: Caller) -> None:
    billing = schedules.create(caller, BILLING).id

    found = stored(caller, billing)

    assert (found.schedule_id, found.revision) == (billing, 1)
    assert found.version.draft.name == BILLING.name
    assert found.version.parents == ()


def test_one_that_was_deleted_or_is_gone_for_good_is_not_found(caller: Caller) -> None:
    billing = schedules.create(caller, BILLING).id
    schedules.delete(caller, [billing])

    for schedule_id in (billing, uuid4()):
        with pytest.raises(NotFound):
            stored(caller, schedule_id)
