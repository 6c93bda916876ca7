"""What a person has settled about tfui on this machine: flags, then TFUI_ variables, then config.toml.

A frozen dataclass and the standard library, because the dashboard needs these before its first
frame and a settings library would cost half of the time there is. Only the assembly and the command
line see Settings; everybody else is handed what they need.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from tfui.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PREFIX = "TFUI_"
MOST_SEATS = 1000


def default_db() -> str:
    """Give the path of the database that is used when none is named."""
    import platformdirs

    return str(platformdirs.user_data_path("tfui") / "tfui.db")


def config_path() -> Path:
    """Give the path of the configuration file, which need not exist."""
    import platformdirs

    return platformdirs.user_config_path("tfui") / "config.toml"


def state_folder() -> Path:
    """Give the folder for what is remembered between runs and for logs, which need not exist."""
    import platformdirs

    return platformdirs.user_state_path("tfui")


def host_zone() -> str:
    """Give the IANA name of the machine's own time zone; UTC where it cannot be told."""
    named = os.environ.get("TZ", "").removeprefix(":")
    if named and not named.startswith("/") and _is_zone(named):
        return named
    link = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    if link and _is_zone(link):
        return link
    try:
        with open("/etc/timezone", encoding="ascii") as file:  # noqa: PTH123  # no pathlib before the first frame
            written = file.readline().strip()
    except (OSError, UnicodeDecodeError):
        return "UTC"
    return written if written and _is_zone(written) else "UTC"


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown; a folder; no safe path
        return False
    return True


@dataclass(frozen=True, slots=True)
class Placed:
    """One entry of a table in config.toml, with its place for whoever finds fault with it."""

    text: str
    """As it was written; several texts are joined by spaces."""
    place: str
    """The file and the line: `…/config.toml:12`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. The names are those of config.toml, and with TFUI_ of variables."""

    db: str = field(default_factory=default_db)
    """A path, sqlite:///… or postgresql+psycopg://…"""
    org: str = "default"
    """The organization whose schedules are meant."""
    seats: int = 8
    """How many jobs an engine carries out at once."""
    theme: Placed | None = None
    """The dashboard's theme, which the dashboard alone can check; None: the one used last."""
    ascii: bool = False
    """Draw with ASCII alone."""
    read_only: bool = False
    """Change nothing from the dashboard or the command line; the engine still runs jobs."""
    zone: str | None = None
    """The zone that times are shown in beside a schedule's own; None: the machine's."""
    animation: bool = False
    """Whether the dashboard may move things smoothly."""
    keys: Mapping[str, Placed] = field(default_factory=dict)
    """The dashboard's keys by action, where they are not the usual ones."""
    filters: Mapping[str, Placed] = field(default_factory=dict)
    """Filters by the names they are saved under."""


def load(
    given: Mapping[str, str | bool | int | None] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    path: Path | None = None,
) -> Settings:
    """Read the settings; `given` ones that are not None win. Raises Invalid naming the place."""
    values = _from_file(config_path() if path is None else path)
    values |= _from_environment(os.environ if environment is None else environment)
    values |= {name: value for name, value in (given or {}).items() if value is not None}
    return Settings(**values)


def _from_file(path: Path) -> dict[str, Any]:
    """Read config.toml; each problem is named by file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise Invalid({str(path): f"this cannot be read: {reason}"}) from error
    import tomllib

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, str(error), text) from error
    problems: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, value in document.items():
        where = f"{path}:{_line_of(name, text)}"
        if name in _TABLES:
            values[name], wrong = _table(name, value, path, text)
            problems |= wrong
            continue
        reader = _READERS.get(name)
        if reader is None:
            problems[where] = _unknown(name)
        elif (read := reader(value)) is None:
            problems[where] = (
                f"{name} must be {_EXPECTED[name]}, not {value!r}{_nearest(name, value)}"
            )
        else:
            values[name] = Placed(read, where) if name in _PLACED else read
    if problems:
        raise Invalid(problems)
    return values


def _table(
    name: str, value: object, path: Path, text: str
) -> tuple[dict[str, Placed], dict[str, str]]:
    """Read [keys] or [filters]; give its entries, and what is wrong with which line."""
    if not isinstance(value, dict):
        expected = f"{name} must be a table: [{name}]"
        return {}, {f"{path}:{_line_of(name, text)}": expected}
    found: dict[str, Placed] = {}
    problems: dict[str, str] = {}
    for key, entry in _flat(value):
        place = f"{path}:{_line_in(name, key, text)}"
        given = entry if isinstance(entry, list) else [entry]
        texts = [each for each in given if isinstance(each, str) and each.strip()]
        if texts and len(texts) == len(given):
            found[key] = Placed(" ".join(texts), place)
        else:
            problems[place] = f"{key} must be {_TABLES[name]}, not {entry!r}"
    return found, problems


def _flat(table: dict[str, Any]) -> list[tuple[str, object]]:
    """Give a table's entries; TOML reads `pause.until = …` as a table in a table."""
    found: list[tuple[str, object]] = []
    for key, entry in table.items():
        if isinstance(entry, dict):
            found += [(f"{key}.{inner}", value) for inner, value in _flat(entry)]
        else:
            found.append((key, entry))
    return found


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Read TFUI_DB and its like; a running job's own TFUI_ variables are none of ours."""
    problems, values = {}, {}
    for name, reader in _READERS.items():
        text = environment.get(PREFIX + name.upper())
        if not text:
            continue
        read = reader(_plain(text))
        if read is None and isinstance(_plain(text), int):
            read = reader(text)  # a name may be made of digits
        if read is None:
            problems[PREFIX + name.upper()] = (
                f"this must be {_EXPECTED[name]}, not {text!r}{_nearest(name, text)}"
            )
        else:
            values[name] = Placed(read, PREFIX + name.upper()) if name in _PLACED else read
    if problems:
        raise Invalid(problems)
    return values


def _plain(text: str) -> str | bool | int:
    """Read a variable's text as TOML would have read it without quotes."""
    if text.isascii() and text.isdigit():
        return int(text[:9])
    return {"true": True, "false": False, "yes": True, "no": False}.get(text.lower(), text)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _zone(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() and _is_zone(value) else None


def _flag(value: object) -> bool | None:
    return bool(value) if isinstance(value, int) and value in {0, 1} else None


def _seats(value: object) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and isinstance(value, int) and 1 <= value <= MOST_SEATS else None


_READERS: dict[str, Callable[[Any], Any]] = {
    "db": _text,
    "org": _text,
    "seats": _seats,
    "theme": _text,
    "ascii": _flag,
    "read_only": _flag,
    "zone": _zone,
    "animation": _flag,
}
_PLACED = {"theme"}
"""Settings that keep their place: somebody else knows which values there are."""

_TABLES = {"keys": "a key or a list of keys", "filters": "a filter's text"}
"""Tables, which only the file can have, and what their entries are."""

_EXPECTED = {
    "db": "a path or a database URL",
    "org": "a name",
    "seats": f"a whole number from 1 to {MOST_SEATS}",
    "theme": "a name",
    "ascii": "true or false",
    "read_only": "true or false",
    "zone": "the name of a time zone",
    "animation": "true or false",
}


def _nearest(name: str, value: object) -> str:
    """Say which zone may have been meant; nothing for other settings, or where none is near."""
    if name != "zone" or not isinstance(value, str):
        return ""
    from zoneinfo import available_timezones

    by_lower = {each.lower(): each for each in available_timezones()}
    close = get_close_matches(value.strip().lower(), by_lower, n=1)
    return f"; did you mean {by_lower[close[0]]!r}?" if close else ""


def _unknown(name: str) -> str:
    known = [found.name for found in fields(Settings)]
    close = get_close_matches(name.lower().replace("-", "_"), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
    return f"there is no setting {name!r}; {hint}"


def _line_of(name: str, text: str) -> int:
    """Find the line on which a top-level key or table is first written; 1 when it is not plain."""
    written = re.compile(rf"""\s*\[*\s*["']?{re.escape(name)}["']?\s*[.=\]]""")
    return next(
        (number for number, line in enumerate(text.splitlines(), 1) if written.match(line)), 1
    )


def _line_in(table: str, name: str, text: str) -> int:
    """Find the line on which an entry of a table is written; the table's when it is not plain."""
    first = _line_of(table, text)
    bare, parts = re.escape(name), r"""["']?\s*\.\s*["']?""".join(map(re.escape, name.split(".")))
    written = re.compile(rf"""\s*(?:{table}\s*\.\s*)?["']?(?:{bare}|{parts})["']?\s*=""")
    lines = enumerate(text.splitlines(), 1)
    return next((at for at, line in lines if at >= first and written.match(line)), first)


def _not_toml(path: Path, message: str, text: str) -> Invalid:
    """Take the place out of the parser's sentence and put it beside the file's name."""
    match = re.fullmatch(r"(.*) \(at line ([0-9]+), column [0-9]+\)", message)
    if match:
        return Invalid({f"{path}:{match[2]}": f"{match[1][:1].lower()}{match[1][1:]}"})
    sentence = re.sub(r" \(at end of document\)$", "", message)
    lines = max(1, len(text.splitlines()))
    return Invalid(
        {f"{path}:{lines}": f"{sentence[:1].lower()}{sentence[1:]} before the file ends"}
    )
