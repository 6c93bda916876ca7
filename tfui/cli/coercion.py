"""Reads the words of a command line as texts, whole numbers and choices, without a validation library.

Typer would import pydantic for the first parameter that is no flag, which is more time than the rest
of `tfui next` takes. Only the three types that our commands have are read here; Typer reads others.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, get_args, get_origin

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer._click import Context, Parameter


class Reader:
    """Takes the place of Typer's own reader of one parameter."""

    def __init__(self, read: Callable[[str], object]) -> None:
        self._read = read

    def coerce(self, value: Any, param: Parameter, ctx: Context) -> Any:  # noqa: ANN401  # Typer's signature
        """Read one word, or each of several; raises BadParameter."""
        is_several = param.nargs == -1 or bool(getattr(param, "multiple", False))
        if value is None:
            return () if is_several else None
        try:
            return [self._read(word) for word in value] if is_several else self._read(value)
        except ValueError as error:
            raise typer.BadParameter(str(error), ctx=ctx, param=param) from None  # type: ignore[arg-type]  # ours are Typer's


def lighten(parameter: Parameter) -> None:
    """Give a parameter one of our readers, if it is of a type that we read."""
    descriptor = getattr(parameter, "type_descriptor", None)
    if descriptor is None or not hasattr(parameter, "_runtime_param"):
        return  # another Typer, which may be light by itself
    annotation = descriptor.annotation
    if get_origin(annotation) is list:
        (annotation,) = get_args(annotation)
    if annotation is bool:
        read: Callable[[str], object] = bool  # a flag's value comes as one already
    elif annotation is str:
        read = str
    elif annotation is int:
        read = _whole_number(descriptor.parameter_info.min, descriptor.parameter_info.max)
    elif isinstance(annotation, type) and issubclass(annotation, StrEnum):
        read = _choice(annotation)
    else:
        return
    parameter._runtime_param = Reader(read)  # noqa: SLF001  # the only way to be asked first


def _whole_number(least: float | None, most: float | None) -> Callable[[str], int]:
    def read(word: str | int) -> int:
        text = str(word)
        if not text.removeprefix("-").isdigit() or not text.isascii() or len(text) > 18:
            raise ValueError(f"{text[:40]!r} is not a whole number")
        number = int(text)
        if (least is not None and number < least) or (most is not None and number > most):
            bounds = f"{least:,} or more" if most is None else f"from {least:,} to {most:,}"
            raise ValueError(f"{number:,} is outside the range, which is {bounds}")
        return number

    return read


def _choice(choices: type[StrEnum]) -> Callable[[str], StrEnum]:
    def read(word: str) -> StrEnum:
        try:
            return choices(word.lower())
        except ValueError:
            raise ValueError(f"{word[:40]!r} is not one of {', '.join(choices)}") from None

    return read
