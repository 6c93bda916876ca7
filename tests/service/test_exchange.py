"""Crontabs in and out through the service, over a real store."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.test_crontab import COUNTS, REAL
from tfui.core.rights import Role
from tfui.errors import Forbidden
from tfui.model.schedule import ScheduleDraft, ScheduleQuery
from tfui.service import exchange, exporting, journal, schedules
from tfui.service.caller import Caller, local_caller
from tfui.service.crontab_entry import without_origin
from tfui.service.document import of_schedule
from tfui.service.import_plan import Change
from tfui.store import exchange as store_exchange

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tfui.clock import FrozenClock
    from tfui.service.exchange import ImportReport
    from tfui.store.connection import Store


@pytest.fixture
def caller(sqlite_store: Store, clock: FrozenClock) -> Caller:
    """The person at this machine, with an empty store."""
    return local_caller(sqlite_store, clock, via="cli")


def _import(
    caller: Caller, text: str, *, source: str = "/etc/cron.d/test", **more: Any
) -> ImportReport:
    return exchange.import_crontab(caller, text, source=source, timezone="Europe/Berlin", **more)


def _counts(report: ImportReport) -> tuple[int, int, int, int]:
    counts = report.counts
    return (
        counts[Change.CREATED],
        counts[Change.EDITED],
        counts[Change.UNCHANGED],
        len(report.refusals),
    )


def _all(caller: Caller) -> dict[str, dict[str, Any]]:
    """Every schedule's document by its name, without where it came from."""
    with caller.store.reading() as tx:
        found = store_exchange.everything(tx, caller.organization_id)
    return {
        schedule.name: without_origin(of_schedule(schedule, queue)) for schedule, queue in found
    }


def _add(caller: Caller, name: str, **changes: Any) -> None:
    fields: dict[str, Any] = {
        "schedule_type": "cron",
        "schedule_expression": "0 3 * * *",
        "job_type": "shell",
        "payload": {"command": "true"},
    }
    schedules.create(caller, ScheduleDraft(name=name, **{**fields, **changes}))


@pytest.mark.parametrize("name", COUNTS)
def test_a_real_file_becomes_its_schedules_and_a_second_import_changes_nothing(
    caller: Caller, name: str
) -> None:
    text = (REAL / f"{name}.crontab").read_text(encoding="utf-8")
    jobs, _ = COUNTS[name]

    first = _import(caller, text, system=True)
    before = _all(caller)
    second = _import(caller, text, system=True)

    assert _counts(first) == (jobs, 0, 0, 0)
    assert _counts(second) == (0, 0, jobs, 0)
    assert len(before) == jobs
    assert _all(caller) == before
    assert all(document["payload"]["user"] for document in before.values())


def test_import_and_export_are_the_same_on_every_database(store: Store, clock: FrozenClock) -> None:
    caller = local_caller(store, clock, via="cli")
    text = (REAL / "certbot.crontab").read_text(encoding="utf-8")

    _import(caller, text, system=True)
    _import(caller, text.replace("*/12", "*/6"), system=True)
    exported = exporting.export_crontab(caller, system=True).text

    assert "0 */6 * * * root test -x /usr/bin/certbot" in exported
    assert _counts(_import(caller, exported, source="-", system=True)) == (0, 0, 1, 0)


def test_one_undo_takes_a_whole_import_back(caller: Caller) -> None:
    _import(caller, "0 1 * * * a\n0 2 * * * b\n")

    journal.undo(caller)

    assert _all(caller) == {}


def test_a_line_becomes_what_cron_would_have_done(caller: Caller) -> None:
    _import(
        caller,
        "SHELL=/bin/bash\nPATH=/opt/bin:/bin\nMAILTO=ops\n"
        "# Ship the logs.\n*/5 9-17 * * mon-fri /opt/bin/ship --all%first%second\n",
    )

    assert _all(caller) == {
        "ship": {
            "name": "ship",
            "schedule_type": "cron",
            "schedule_expression": "*/5 9-17 * * mon-fri",
            "timezone": "Europe/Berlin",
            "job_type": "shell",
            "payload": {
                "command": "/opt/bin/ship --all",
                "cwd": "~",
                "env": {"PATH": "/opt/bin:/bin"},
                "shell": "/bin/bash",
                "stdin": "first\nsecond\n",
            },
            "max_attempts": 1,
            "metadata": {"description": "Ship the logs.", "mailto": "ops"},
        },
    }


def test_the_zone_is_explicit_and_cron_tz_wins(caller: Caller) -> None:
    _import(caller, "0 1 * * * a\nCRON_TZ=Asia/Tokyo\n0 1 * * * b\n")

    assert {name: found["timezone"] for name, found in _all(caller).items()} == {
        "a": "Europe/Berlin",
        "b": "Asia/Tokyo",
    }


def test_refused_lines_are_reported_and_the_rest_goes_on(caller: Caller) -> None:
    report = _import(caller, "@reboot start\n61 * * * * never\n\n0 1 * * * fine\n")

    assert _counts(report) == (1, 0, 0, 2)
    assert [refusal.line for refusal in report.refusals] == [1, 2]
    assert list(_all(caller)) == ["fine"]


def test_a_dry_run_says_the_same_and_does_nothing(caller: Caller) -> None:
    text = "0 1 * * * a\n0 2 * * * a\n@reboot b\n"

    dry = _import(caller, text, dry_run=True)
    after_dry = _all(caller)
    wet = _import(caller, text)

    assert after_dry == {}
    assert dry.lines == wet.lines
    assert dry.refusals == wet.refusals


def test_equal_lines_are_two_schedules_as_they_are_two_jobs_of_cron(caller: Caller) -> None:
    text = "0 1 * * * a\n0 1 * * * a\n"

    assert _counts(_import(caller, text)) == (2, 0, 0, 0)
    assert _counts(_import(caller, text)) == (0, 0, 2, 0)
    assert list(_all(caller)) == ["a", "a-2"]


def test_a_line_whose_time_changed_edits_its_schedule(caller: Caller) -> None:
    _import(caller, "0 1 * * * a\n0 2 * * * b\n")

    report = _import(caller, "# new\n0 2 * * * b\n30 4 * * * a\n")

    assert _counts(report) == (0, 2, 0, 0)  # b has a comment now
    assert {line.name: line.fields for line in report.lines} == {
        "a": ["schedule_expression"],
        "b": ["metadata"],
    }
    assert _all(caller)["a"]["schedule_expression"] == "30 4 * * *"
    assert report.gone == []


def test_a_line_whose_command_changed_edits_the_schedule_of_its_name(caller: Caller) -> None:
    _import(caller, "0 1 * * * /opt/run --old\n")

    report = _import(caller, "0 1 * * * /opt/run --new\n")

    assert _counts(report) == (0, 1, 0, 0)
    assert _all(caller)["run"]["payload"]["command"] == "/opt/run --new"


def test_variables_that_changed_edit_the_schedules_under_them(caller: Caller) -> None:
    _import(caller, "X=1\n0 1 * * * a\n")

    report = _import(caller, "X=2\n0 1 * * * a\n")

    assert [line.fields for line in report.lines] == [["payload"]]
    assert _all(caller)["a"]["payload"]["env"] == {"X": "2"}


def test_what_a_person_edited_since_is_left_alone(caller: Caller) -> None:
    text = "0 1 * * * a\n"
    _import(caller, text)
    schedules.edit(
        caller, schedules.find(caller, "a"), {"schedule_expression": "0 9 * * *", "name": "mine"}
    )

    report = _import(caller, text)

    assert [(line.change, line.fields) for line in report.lines] == [
        ("kept", ["schedule_expression"])
    ]
    assert _all(caller)["mine"]["schedule_expression"] == "0 9 * * *"


def test_a_line_that_is_gone_is_named_and_its_schedule_left_alone(caller: Caller) -> None:
    _import(caller, "0 1 * * * a\n0 2 * * * b\n")

    report = _import(caller, "0 1 * * * a\n")

    assert report.gone == ["b"]
    assert set(_all(caller)) == {"a", "b"}


def test_a_line_with_another_command_at_the_same_time_edits_its_schedule(caller: Caller) -> None:
    """Or the old command would go on beside the new one, and a third beside both."""
    for program in ("x", "y", "z"):
        report = _import(caller, f"0 5 * * * /opt/{program} a\n0 6 * * * other\n")

    assert [(line.change, line.name, line.old_command) for line in report.lines] == [
        ("edited", "x", "/opt/y a"),
        ("unchanged", "other", None),
    ]
    assert report.gone == []
    assert {name: found["payload"]["command"] for name, found in _all(caller).items()} == {
        "x": "/opt/z a",
        "other": "other",
    }

    journal.undo(caller)

    assert _all(caller)["x"]["payload"]["command"] == "/opt/y a"


def test_lines_that_changed_whole_edit_in_order_what_is_left_over(caller: Caller) -> None:
    _import(caller, "0 1 * * * zebra\n0 2 * * * same\n0 3 * * * ape\n")

    report = _import(caller, "30 1 * * * zoo\n0 2 * * * same\n30 3 * * * apes\n")

    assert _counts(report) == (0, 2, 1, 0)
    assert {name: found["payload"]["command"] for name, found in _all(caller).items()} == {
        "zebra": "zoo",
        "same": "same",
        "ape": "apes",
    }


def test_another_text_from_a_stream_takes_no_schedule_of_the_one_before(caller: Caller) -> None:
    """`cat one | tfui import crontab -`, then `cat two | …`: both are wanted."""
    _import(caller, "0 5 * * * one\n", source="-")

    report = _import(caller, "0 5 * * * two\n", source="-")

    assert _counts(report) == (1, 0, 0, 0)
    assert report.gone_but_active == ["one"]
    assert set(_all(caller)) == {"one", "two"}


def test_what_cannot_be_told_apart_is_named_as_still_active(caller: Caller) -> None:
    _import(caller, "0 1 * * * a\n0 2 * * * b\n0 3 * * * c\n")
    schedules.pause(caller, [schedules.find(caller, "b")])

    report = _import(caller, "30 9 * * * new\n0 3 * * * c\n")

    assert _counts(report) == (1, 0, 1, 0)
    assert report.gone == ["a", "b"]
    assert report.gone_but_active == ["a"]


def test_a_paused_schedule_that_is_edited_stays_paused_and_is_told_as_such(caller: Caller) -> None:
    _import(caller, "0 1 * * * a\n")
    schedules.pause(caller, [schedules.find(caller, "a")])

    (line,) = _import(caller, "0 1 * * * b\n").lines

    assert (line.name, line.change, line.status) == ("a", "edited", "paused")


def test_two_files_do_not_take_each_others_schedules(caller: Caller) -> None:
    _import(caller, "0 1 * * * a\n", source="/one")

    report = _import(caller, "0 2 * * * a\n", source="/two")

    assert _counts(report) == (1, 0, 0, 0)
    assert {name: found["schedule_expression"] for name, found in _all(caller).items()} == {
        "a": "0 1 * * *",
        "a-2": "0 2 * * *",
    }


def test_a_viewer_may_not_import(caller: Caller) -> None:
    viewer = Caller(
        caller.store,
        caller.clock,
        caller.organization_id,
        caller.user_id,
        "victor",
        Role.VIEWER,
        "cli",
    )

    with pytest.raises(Forbidden):
        _import(viewer, "0 1 * * * a\n")


def _exported(caller: Caller, **more: Any) -> exporting.ExportedCrontab:
    return exporting.export_crontab(caller, **more)


def _reimported(caller: Caller, text: str, **more: Any) -> dict[str, dict[str, Any]]:
    """Import a text into another organization of the same store, and give what is there then."""
    other = _other(caller)
    report = _import(other, text, source="-", **more)
    assert report.refusals == []
    found = _all(other)
    schedules.delete(other, schedules.ids(other, ScheduleQuery()))
    return found


def _other(caller: Caller) -> Caller:
    from tests.world import ADA, an_organization
    from tfui.store import organizations

    with caller.store.writing(by=ADA, now=caller.now()) as tx:
        found = organizations.find(tx, "other") or an_organization(tx, name="other")
    return Caller(caller.store, caller.clock, found, caller.user_id, caller.name, Role.ADMIN, "cli")


def test_an_export_imports_again_to_the_same_schedules(caller: Caller) -> None:
    _add(caller, "plain")
    _add(caller, "policies", max_attempts=1, priority=7, schedule_expression="@daily")
    _add(
        caller, "zone", timezone="Asia/Tokyo", payload={"command": "date +%F", "env": {"A": " b "}}
    )
    _add(caller, "input", payload={"command": "cat", "stdin": "50%\n\n", "shell": "/bin/bash"})
    _add(caller, "every", schedule_type="recurring", schedule_expression="90s")
    _add(caller, "web", job_type="http", payload={"url": "https://example.org/"})
    _add(caller, "seconds", schedule_expression="*/10 * * * * *")
    _add(caller, "last", schedule_expression="0 0 L * *")
    _add(caller, "two lines", payload={"command": "a\nb"})
    _add(caller, "🚀 [bold]", metadata={"description": "# odd", "tags": ["x"], "mailto": "ops"})

    exported = _exported(caller)

    assert exported.entries == 5
    assert set(exported.unsayable) == {"every", "web", "seconds", "last", "two lines"}
    assert _reimported(caller, exported.text) == _all(caller)


def test_an_export_imported_where_it_came_from_changes_nothing(caller: Caller) -> None:
    _import(caller, (REAL / "certbot.crontab").read_text(encoding="utf-8"), system=True)
    _add(caller, "plain")
    _add(caller, "every", schedule_type="recurring", schedule_expression="90s")
    before = _all(caller)

    for system in (True, False):
        report = _import(caller, _exported(caller, system=system).text, source="-", system=system)
        assert _counts(report)[0] == 0
        assert report.refusals == []

    assert _all(caller) == before


def test_a_user_needs_the_system_format(caller: Caller) -> None:
    _add(caller, "as-www", payload={"command": "true", "user": "www-data"})

    assert _exported(caller).unsayable == ["as-www"]
    exported = _exported(caller, system=True)

    assert exported.unsayable == []
    assert "0 3 * * * www-data true\n" in exported.text
    assert _reimported(caller, exported.text, system=True) == _all(caller)


def test_a_paused_schedule_stays_paused_and_cron_does_not_run_it(caller: Caller) -> None:
    _add(caller, "resting")
    schedules.pause(caller, [schedules.find(caller, "resting")], note="vendor outage")

    exported = _exported(caller)
    other = _other(caller)
    _import(other, exported.text, source="-")
    (row,) = schedules.rows(other, schedules.ids(other, ScheduleQuery()))

    assert exported.entries == 0
    assert (row.status, row.pause_note) == ("paused", "vendor outage")


def test_cron_itself_accepts_what_was_exported(caller: Caller, tmp_path: Path) -> None:
    """Every line is a comment, a variable or five fields and a command: what crontab(5) allows."""
    _add(caller, "a", payload={"command": "echo 50%", "env": {"X": "1"}})
    _add(caller, "b", timezone="Asia/Tokyo")
    path = tmp_path / "crontab"
    path.write_text(_exported(caller).text)

    found = subprocess.run(
        ["grep", "-vE", r"^(#.*|[A-Z_]+=.*|([0-9*,/-]+ ){5}.+|)$", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.stdout == ""


_words = st.text(st.sampled_from("ab %\\'\"#=-/\n*5é"), min_size=1, max_size=12)
_expressions = st.sampled_from(
    ["* * * * *", "*/5 1-5 * * 1", "@daily", "0 0 L * *", "0 30 2 * * *", "5,10 0 1 JAN *"]
)
_payloads = st.fixed_dictionaries(
    {"command": _words.filter(str.strip)},
    optional={
        "stdin": _words,
        "env": st.dictionaries(st.sampled_from(["A", "B", "HOME", "PATH"]), _words, max_size=2),
        "shell": st.sampled_from(["/bin/bash", "/bin/sh"]),
        "cwd": st.sampled_from(["~", "/srv"]),
        "user": st.just("root"),
    },
)
_plans = st.lists(
    st.tuples(
        _expressions, _payloads, st.sampled_from(["UTC", "Europe/Berlin"]), st.integers(0, 2)
    ),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_plans, st.booleans())
def test_whatever_is_exported_imports_to_the_same_schedules(
    caller: Caller, plans: list[tuple[str, Mapping[str, Any], str, int]], system: bool
) -> None:
    schedules.delete(caller, schedules.ids(caller, ScheduleQuery()))
    for number, (expression, payload, zone, priority) in enumerate(plans):
        _add(
            caller,
            f"s{number}",
            schedule_expression=expression,
            payload=payload,
            timezone=zone,
            priority=priority,
        )

    exported = _exported(caller, system=system)

    assert _reimported(caller, exported.text, system=system) == _all(caller)


def test_json_and_yaml_hold_whole_schedules(caller: Caller) -> None:
    _add(caller, "a", max_attempts=1, metadata={"tags": ["é"]})

    as_json = json.loads(exporting.export_json(caller))

    assert as_json == {
        "version": 1,
        "schedules": [
            {
                "name": "a",
                "schedule_type": "cron",
                "schedule_expression": "0 3 * * *",
                "job_type": "shell",
                "payload": {"command": "true"},
                "timezone": "UTC",
                "max_attempts": 1,
                "metadata": {"tags": ["é"]},
                "status": "active",
            },
        ],
    }
    assert yaml.safe_load(exporting.export_yaml(caller)) == as_json
