"""The values that completions of a filter are made from, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.world import ADA, NOON, a_queue, a_schedule, an_organization
from tfui.core.filter_words import Word
from tfui.store import vocabulary

if TYPE_CHECKING:
    from tfui.store.connection import Store


def test_each_value_in_use_is_given_once_in_order(store: Store) -> None:
    with store.writing(by=ADA, now=NOON) as tx:
        organization = an_organization(tx)
        other = an_organization(tx, name="other")
        a_queue(tx, organization, name="nightly")
        a_schedule(tx, organization, metadata_={"tags": ["slow", "billing", 7]})
        a_schedule(tx, organization, metadata_={"tags": ["slow"]}, timezone="Europe/Paris")
        a_schedule(tx, organization, metadata_={"tags": "none"}, deleted_at=NOON, job_type="http")
        a_schedule(tx, other, metadata_={"tags": ["theirs"]}, timezone="Asia/Tokyo")

    with store.reading() as tx:
        assert vocabulary.in_use(tx, organization) == {
            Word.QUEUE: ("default", "nightly"),
            Word.TAG: ("7", "billing", "slow"),
            Word.ZONE: ("Europe/Paris", "UTC"),
            Word.JOB: ("noop",),
        }
