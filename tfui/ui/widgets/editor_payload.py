"""A payload as the texts of a form and back, for the job types that have a form of their own.

Only syntax is read here; whether a payload can be carried out is for its runner to say.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tfui.errors import Invalid, Problem
from tfui.ui.widgets.editor_fields import FIELDS
from tfui.ui.widgets.editor_spec import HTTP, PYTHON, RAW, SHELL

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMS: dict[str, tuple[str, ...]] = {
    kind: tuple(spec.key.partition(".")[2] for spec in FIELDS if spec.job_type == kind)
    for kind in (SHELL, HTTP, PYTHON)
}
"""The payload keys that have a field, by job type."""

_PAIRS = {"env": "=", "headers": ":"}
_JSON_TYPES: dict[str, type] = {"args": list, "kwargs": dict}


def has_form(job_type: str, payload: Mapping[str, Any]) -> bool:
    """Whether the form can show every value of this payload; else it is edited as JSON."""
    return job_type in FORMS and all(
        _fits(key, value) for key, value in payload.items() if key in FORMS[job_type]
    )


def payload_texts(job_type: str, payload: Mapping[str, Any]) -> dict[str, str]:
    """Write the values that have a field; absent ones are empty."""
    return {f"{job_type}.{key}": _write(key, payload.get(key)) for key in FORMS.get(job_type, ())}


def read_form(
    job_type: str, texts: Mapping[str, str], *, kept: Mapping[str, Any]
) -> dict[str, Any]:
    """Read a payload from its fields; keys without a field are taken over from `kept`.

    Invalid names the fields, `shell.env` and the like. A value whose text was not touched stays
    as it was, whatever its type.
    """
    before = payload_texts(job_type, kept)
    payload: dict[str, Any] = {}
    problems: dict[str, Problem | str] = {}
    for key in (*kept, *(key for key in FORMS[job_type] if key not in kept)):
        field = f"{job_type}.{key}"
        text = texts.get(field, "")
        if key in kept and (key not in FORMS[job_type] or text == before[field]):
            payload[key] = kept[key]
        elif text.strip():
            try:
                payload[key] = _read(key, text)
            except Invalid as bad:
                problems[field] = bad.fields[key]
    if payload.get("method") == "GET" and "method" not in kept:
        del payload["method"]  # what is usual is not written down
    if problems:
        raise Invalid(problems)
    return payload


def raw_text(payload: Mapping[str, Any]) -> str:
    """Write a payload as JSON for people."""
    return json.dumps(payload, indent=2, ensure_ascii=False) if payload else "{}"


def read_raw(text: str) -> dict[str, Any]:
    """Read a JSON object; Invalid names `payload` and the place."""
    if not text.strip():
        return {}
    value = _json(RAW, text)
    if not isinstance(value, dict):
        raise Invalid({RAW: 'a payload is a JSON object, like {"command": "true"}'})
    return value


def _fits(key: str, value: object) -> bool:
    if key in _PAIRS:
        return isinstance(value, dict) and all(
            isinstance(text, str) and "\n" not in text and text == text.strip()
            for text in value.values()
        )
    if key in _JSON_TYPES:
        return isinstance(value, _JSON_TYPES[key])
    if key == "body":
        return isinstance(value, str | dict | list)
    if key == "expected_status":
        return isinstance(value, int | str | list)
    if key == "timeout":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _write(key: str, value: Any) -> str:  # noqa: ANN401  # JSON is any of six types
    if key == "method":
        return str(value or "GET").upper()
    if value is None:
        return ""
    if key in _PAIRS and isinstance(value, dict):
        sign = "=" if key == "env" else ": "
        return "\n".join(f"{name}{sign}{text}" for name, text in value.items())
    if key == "expected_status":
        return ", ".join(str(status) for status in (value if isinstance(value, list) else [value]))
    if isinstance(value, str):
        return value
    indent = 2 if key == "body" else None
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _read(key: str, text: str) -> object:
    if key in _PAIRS:
        return _pairs(key, text)
    if key in _JSON_TYPES:
        return _list_or_object(key, text)
    if key == "body":
        return _body(text)
    if key == "expected_status":
        return _statuses(text)
    if key == "timeout":
        return _seconds(text)
    return text if key == "command" else text.strip()


def _pairs(key: str, text: str) -> dict[str, str]:
    sign, found = _PAIRS[key], {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, separator, value = line.partition(sign)
        if not separator:
            like = "NAME=value" if key == "env" else "Name: value"
            raise Invalid({key: f"line {number} is not like {like}"})
        found[name.strip()] = value if key == "env" else value.strip()
    return found


def _list_or_object(key: str, text: str) -> object:
    value = _json(key, text)
    if not isinstance(value, _JSON_TYPES[key]):
        like = 'a JSON list, like ["daily"]' if key == "args" else 'a JSON object, like {"n": 1}'
        raise Invalid({key: f"this must be {like}"})
    return value


def _body(text: str) -> object:
    """Take a text that is a whole JSON object or list as such, and any other as it is."""
    if text.lstrip()[:1] not in {"{", "["}:
        return text
    try:
        return _json("body", text)
    except Invalid:
        return text


def _statuses(text: str) -> object:
    words = [word for word in text.replace(",", " ").split() if word]
    found = [int(word) if word.isascii() and word.isdigit() else word for word in words]
    return found[0] if len(found) == 1 else found


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise Invalid({"timeout": f"{text[:40]!r} is not a number of seconds"}) from None
    return int(number) if number.is_integer() else number


def _json(key: str, text: str) -> object:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as bad:
        what = f"{bad.msg[0].lower()}{bad.msg[1:]}"
        place = f"line {bad.lineno}, column {bad.colno}"
        raise Invalid({key: Problem(f"{place}: {what}", (bad.pos, bad.pos + 1))}) from None
    except ValueError as bad:
        raise Invalid({key: str(bad)}) from None
    except RecursionError:
        raise Invalid({key: "this is nested too deeply"}) from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
