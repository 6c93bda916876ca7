"""Job types: the built-in ones, those of other packages, and those that are broken."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any

import pytest

from tests.runners.orders import an_order, carry_out
from tfui.core.states import AttemptOutcome
from tfui.errors import Invalid
from tfui.runners.catalog import GROUP, Catalog
from tfui.runners.order import JobOrder, Outcome, Sink, Stop

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Greeter:
    """A job type as another package would write it."""

    def validate(self, payload: Mapping[str, Any]) -> None:
        if payload.get("odd"):
            raise KeyError("odd")

    def run(self, order: JobOrder, sink: Sink, stop: Stop) -> Outcome:
        del stop
        if order.payload.get("leave"):
            sys.exit(3)
        if order.payload.get("fail"):
            raise RuntimeError("two\nlines")
        sink.write("stdout", b"hello")
        return Outcome(AttemptOutcome.SUCCEEDED)


GREETER = Greeter()


def explode() -> Greeter:
    raise OSError("no licence")


def plugin(name: str, value: str) -> EntryPoint:
    return EntryPoint(name=name, value=f"tests.runners.test_catalog:{value}", group=GROUP)


def a_catalog() -> Catalog:
    return Catalog(
        lambda: [
            plugin("greet", "Greeter"),
            plugin("greet_instance", "GREETER"),
            plugin("explode", "explode"),
            plugin("number", "GROUP"),
            EntryPoint(name="lost", value="no_such_package:Runner", group=GROUP),
            plugin("shell", "Greeter"),
        ],
    )


def refusal(catalog: Catalog, job_type: str) -> str:
    with pytest.raises(Invalid) as caught:
        catalog.runner(job_type)
    assert list(caught.value.fields) == ["job_type"]
    return str(caught.value.fields["job_type"])


def test_the_built_in_job_types_are_there() -> None:
    assert {"shell", "http", "python", "noop"} <= set(Catalog().names())


def test_an_unknown_job_type_is_refused_with_the_nearest_or_all_known() -> None:
    catalog = Catalog(list)

    assert refusal(catalog, "Shel") == "there is no job type 'Shel'; did you mean 'shell'?"
    assert refusal(catalog, "zzz") == (
        "there is no job type 'zzz'; known: http, noop, python, shell"
    )


def test_a_runner_is_made_once() -> None:
    catalog = Catalog()

    assert catalog.runner("shell") is catalog.runner("shell")


@pytest.mark.parametrize("job_type", ["greet", "greet_instance"])
def test_another_package_can_offer_a_class_or_an_instance(job_type: str) -> None:
    done = carry_out(an_order(job_type), a_catalog().runner(job_type))

    assert done.ended.outcome is AttemptOutcome.SUCCEEDED
    assert done.text("stdout") == "hello"


def test_a_broken_plug_in_is_named_and_spoils_nothing_else() -> None:
    catalog = a_catalog()

    assert refusal(catalog, "lost") == (
        "the plug-in for job type 'lost' (no_such_package:Runner) does not load: "
        "ModuleNotFoundError: No module named 'no_such_package'"
    )
    assert refusal(catalog, "explode").endswith("does not load: OSError: no licence")
    assert "is no runner: it lacks validate" in refusal(catalog, "number")
    assert carry_out(an_order("noop"), catalog.runner("noop")).ended.error is None
    assert "lost" in catalog.names()


def test_all_problems_with_plug_ins_can_be_asked_for() -> None:
    problems = a_catalog().problems()

    assert set(problems) == {"explode", "lost", "number", "shell"}
    assert problems["shell"].endswith("is never used: 'shell' is a built-in job type")


def test_an_exception_of_a_runner_becomes_a_failure_with_its_traceback() -> None:
    done = carry_out(an_order("greet", fail=True), a_catalog().runner("greet"))

    assert done.ended == Outcome(AttemptOutcome.FAILED, None, "RuntimeError: two lines")
    assert "Traceback" in done.text("system")
    assert "in run" in done.text("system")


def test_a_runner_that_leaves_does_not_take_the_seat_with_it() -> None:
    done = carry_out(an_order("greet", leave=True), a_catalog().runner("greet"))

    assert done.ended == Outcome(AttemptOutcome.FAILED, None, "SystemExit: 3")


def test_a_payload_that_makes_a_plug_in_stumble_is_invalid() -> None:
    with pytest.raises(Invalid, match="payload: could not be checked: KeyError: 'odd'"):
        a_catalog().runner("greet").validate({"odd": True})


def test_a_stored_payload_that_is_no_longer_good_fails_the_attempt_in_one_line() -> None:
    done = carry_out(an_order("shell", comand="true"))

    assert done.ended.outcome is AttemptOutcome.FAILED
    assert done.ended.error == (
        "payload.comand: there is no such key; did you mean 'command'?; "
        "payload.command: this is required"
    )


def test_a_no_op_succeeds_whatever_its_payload_says() -> None:
    catalog = Catalog()
    catalog.runner("noop").validate({"command": "rm -rf /"})

    assert carry_out(an_order("noop", command="rm -rf /")).ended == Outcome(
        AttemptOutcome.SUCCEEDED
    )


def test_an_installed_package_is_found_by_its_entry_point(tmp_path: Path) -> None:
    """A real distribution in a real interpreter, and nothing imported before it is asked for."""
    (tmp_path / "guest.py").write_text(
        "from tfui.runners.noop import NoopRunner\nclass Guest(NoopRunner): pass\n"
    )
    metadata = tmp_path / "guest-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: guest\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[{GROUP}]\nguest = guest:Guest\n")
    code = (
        "import sys; from tfui.runners.catalog import Catalog; catalog = Catalog();"
        "catalog.runner('noop'); assert 'importlib.metadata' not in sys.modules;"
        "assert 'guest' in catalog.names(); assert 'guest' not in sys.modules;"
        "print(type(catalog.runner('guest').inner).__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(tmp_path)},
    )

    assert (done.stdout, done.stderr) == ("Guest\n", "")
