"""The arguments and flags that many commands share, with the words their help gives them."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

JsonFlag: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]
NameArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="NAME", help="The schedule's name, or a unique prefix of its id.")
]
NamesArgument: TypeAlias = Annotated[
    list[str], typer.Argument(metavar="NAME…", help="Names, or unique prefixes of ids.")
]
JobArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="JOB", help="A unique prefix of the job's id.")
]
JobsArgument: TypeAlias = Annotated[
    list[str], typer.Argument(metavar="JOB…", help="Unique prefixes of the jobs' ids.")
]
SinceOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="ISO",
        help="From this instant, or so long ago (24h).",
        show_default=False,
    ),
]
UntilOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="ISO",
        help="Up to and including this instant, or so long ago.",
        show_default=False,
    ),
]
