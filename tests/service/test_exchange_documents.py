"""Whole documents out and in again: the same schedules, and the same graph of what comes after what."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.service.test_exchange import _add, _all, _counts, _import, _other
from tfui.core.parent_text import Parent, read_parent
from tfui.core.states import DependencyType
from tfui.errors import Invalid
from tfui.service import dependencies, exchange, exporting, journal, parent_documents, schedules
from tfui.service.caller import Caller, local_caller

if TYPE_CHECKING:
    from collections.abc import Callable

    from tfui.clock import FrozenClock
    from tfui.service.exchange import ImportReport
    from tfui.store.connection import Store

SEQUENTIAL, PARALLEL, CONDITIONAL = DependencyType


@pytest.fixture
def caller(sqlite_store: Store, clock: FrozenClock) -> Caller:
    """Somebody with a small family: report after backup and ledger, verify chained to backup."""
    found = local_caller(sqlite_store, clock, via="cli")
    for name in ("backup", "ledger", "alone"):
        _add(found, name)
    _add(found, "report", schedule_expression="0 4 * * *", priority=7)
    _add(found, "verify", schedule_type="cron")
    ids = {name: schedules.find(found, name) for name in ("backup", "ledger", "report", "verify")}
    dependencies.add(
        found, ids["report"], ids["backup"],
        dependency_type=CONDITIONAL, window=timedelta(hours=2),
    )  # fmt: skip
    dependencies.add(found, ids["report"], ids["ledger"], dependency_type=PARALLEL)
    dependencies.add(found, ids["verify"], ids["backup"], chained=True)
    schedules.pause(found, [ids["ledger"]], note="vendor outage")
    return found


def graph(caller: Caller) -> list[tuple[str, str, str, int | None, bool]]:
    return [
        (row.child, row.parent, row.dependency_type.value, row.window_seconds, row.is_chained)
        for row in dependencies.listing(caller)
    ]


def taken_in(caller: Caller, text: str, *, dry_run: bool = False) -> ImportReport:
    return exchange.import_documents(caller, text, source="schedules.yaml", dry_run=dry_run)


def as_crontab(caller: Caller) -> str:
    return exporting.export_crontab(caller).text


@pytest.mark.parametrize("export", [exporting.export_json, exporting.export_yaml])
def test_a_document_brings_the_same_schedules_and_graph_into_an_empty_store(
    caller: Caller, export: Callable[[Caller], str]
) -> None:
    text = export(caller)
    other = _other(caller)

    first = taken_in(other, text)

    assert _counts(first) == (5, 0, 0, 0)
    assert _all(other) == _all(caller)
    assert graph(other) == graph(caller) != []
    (row,) = schedules.rows(other, [schedules.find(other, "ledger")])
    assert (row.status, row.pause_note) == ("paused", "vendor outage")
    assert _counts(taken_in(other, text)) == (0, 0, 5, 0)
    assert _counts(taken_in(caller, text)) == (0, 0, 5, 0)
    assert export(other) == text


def test_a_crontab_says_that_cron_does_not_wait_and_brings_the_same_graph_back(
    caller: Caller,
) -> None:
    text = as_crontab(caller)
    other = _other(caller)

    first = _import(other, text, source="-")

    assert "# cron does not wait for what these come after" in text
    assert "# report comes after backup (conditional, 2h), ledger (parallel)\n" in text
    assert "# verify comes after backup (sequential)\n" in text
    assert first.refusals == []
    assert graph(other) == graph(caller)
    assert all("cron does not wait" not in str(found) for found in _all(other).values())
    second = _import(other, text, source="-")
    assert _counts(second)[:2] == (0, 0)
    assert graph(other) == graph(caller)


def test_what_a_document_says_of_parents_is_a_list_of_names(caller: Caller) -> None:
    by_name = {
        each["name"]: each for each in json.loads(exporting.export_json(caller))["schedules"]
    }

    assert by_name["report"]["after"] == [
        {"schedule": "backup", "type": "conditional", "window": "2h"},
        {"schedule": "ledger", "type": "parallel"},
    ]
    assert by_name["verify"]["schedule_type"] == "chained"
    assert "after" not in by_name["alone"]


def test_what_differs_is_edited_and_one_undo_takes_the_import_back(caller: Caller) -> None:
    found = json.loads(exporting.export_json(caller))
    before, links = _all(caller), graph(caller)
    for each in found["schedules"]:
        if each["name"] == "report":
            each["priority"] = 1
            each["after"] = ["ledger:parallel", "alone:conditional:30m"]
        if each["name"] == "alone":
            each["schedule_expression"] = "0 5 * * *"

    tried = taken_in(caller, yaml.safe_dump(found), dry_run=True)
    assert (_all(caller), graph(caller)) == (before, links)
    report = taken_in(caller, yaml.safe_dump(found))

    assert _counts(tried) == _counts(report) == (0, 2, 3, 0)
    assert {line.name: line.fields for line in report.lines if line.fields} == {
        "report": ["priority", "after"],
        "alone": ["schedule_expression"],
    }
    assert ("report", "alone", "conditional", 1800, False) in graph(caller)
    assert ("report", "backup", "conditional", 7200, False) not in graph(caller)
    journal.undo(caller)
    assert (_all(caller), graph(caller)) == (before, links)


def test_a_parent_that_is_nowhere_is_told_by_name_and_the_rest_goes_on(caller: Caller) -> None:
    other = _other(caller)
    found = json.loads(exporting.export_json(caller))
    found["schedules"] = [each for each in found["schedules"] if each["name"] != "backup"]

    tried = taken_in(other, json.dumps(found), dry_run=True)
    report = taken_in(other, json.dumps(found))

    said = [
        (3, "report", "there is no schedule 'backup' for report to come after"),
        (4, "verify", "there is no schedule 'backup' for verify to come after"),
    ]
    for each in (tried, report):
        assert [(one.line, one.text, one.reason) for one in each.refusals] == said
    assert graph(other) == [("report", "ledger", "parallel", None, False)]


def test_a_circle_in_a_file_is_refused_by_its_path(caller: Caller) -> None:
    found = json.loads(exporting.export_json(caller))
    for each in found["schedules"]:
        if each["name"] == "backup":
            each["after"] = ["report"]

    (refusal,) = taken_in(caller, json.dumps(found)).refusals

    assert "wait for itself: backup after report after backup" in refusal.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "neither JSON nor YAML"),
        ("a: b", "no list of schedules"),
        ('{"version": 2, "schedules": []}', "newer than this tfui"),
    ],
)
def test_what_is_no_document_is_refused_whole(caller: Caller, text: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        taken_in(caller, text)


def test_each_schedule_of_a_file_is_refused_by_itself(caller: Caller) -> None:
    good = {"name": "new", "schedule_type": "cron", "schedule_expression": "@daily",
            "job_type": "shell", "payload": {"command": "true"}}  # fmt: skip
    listed: list[Any] = [
        good, 3, good, {**good, "name": "x", "after": 1}, {**good, "name": "y", "wat": 1},
        {**good, "name": "z", "status": "completed"},
    ]  # fmt: skip

    report = taken_in(caller, json.dumps({"schedules": listed}))

    assert _counts(report) == (1, 0, 0, 5)
    assert [refusal.line for refusal in report.refusals] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("value", "parents"),
    [
        (["billing:conditional"], (Parent("billing", CONDITIONAL),)),
        ([{"schedule": "billing"}], (Parent("billing"),)),
        ([{"schedule": "a:parallel", "window": "1h"}], (Parent("a:parallel", SEQUENTIAL, 3600),)),
    ],
)
def test_parents_are_read_as_objects_and_as_texts(value: object, parents: object) -> None:
    assert parent_documents.read({"after": value}) == parents
    assert read_parent("billing:conditional") == Parent("billing", CONDITIONAL)


@pytest.mark.parametrize(
    "value",
    [3, [3], [{}], [{"schedule": "a", "kind": "b"}], [{"schedule": "a", "type": "b"}],
     [{"schedule": "a", "window": "1x"}]],
)  # fmt: skip
def test_other_parents_are_refused(value: object) -> None:
    with pytest.raises(Invalid):
        parent_documents.read({"after": value})
