"""The rules of the house that the linters cannot say."""

from __future__ import annotations

import ast
from pathlib import Path

import tfui

PACKAGE = Path(tfui.__file__).parent
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}


def _modules() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if "migrations/versions" not in str(path)]


def test_only_the_clock_asks_what_time_it_is() -> None:
    offenders = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in _modules()
        if path.name != "clock.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in CLOCKS
    ]

    assert offenders == []


def test_only_the_output_module_prints() -> None:
    offenders = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in _modules()
        if path.relative_to(PACKAGE).as_posix() != "cli/output.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]

    assert offenders == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(PACKAGE))
        for path in _modules()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert silent == []


def test_no_file_is_named_for_having_no_subject() -> None:
    banned = {"utils", "helpers", "common", "misc", "manager", "base", "info", "data", "handle"}

    assert [path.name for path in _modules() if path.stem in banned] == []


def test_a_rooms_door_plate_re_exports_nothing() -> None:
    """`from tfui.core import cron` names the noun; a re-export would hide which room it lives in."""
    talkative = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("__init__.py")
        if path.parent.name not in {"tfui", "migrations"}
        and any(
            isinstance(node, ast.Import | ast.ImportFrom)
            for node in ast.parse(path.read_text(encoding="utf-8")).body
        )
    ]

    assert talkative == []
