"""Which program a command line begins with, and whether it is there to be run.

A guess for warnings and error messages: only a shell knows what a shell will do. Where the first
word is not plain (a variable, a keyword, a substitution), nothing is claimed.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_PLAIN = re.compile(r"[\w./@%+:,-]+", re.ASCII)
_OF_THE_SHELL = frozenset(
    """
    . : [ [[ alias bg break builtin case cd command continue coproc declare dirs do done echo elif
    else enable esac eval exec exit export false fc fg fi for function getopts hash help history
    if in jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return
    select set shift shopt source suspend test then time times trap true type typeset ulimit umask
    unalias unset until wait while
    """.split(),  # noqa: SIM905  # seventy quoted words are no easier to read
)


def first_word(command: str) -> str | None:
    """Give the program that a shell would look up first, or None when that is not plain."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        for word in lexer:
            if _ASSIGNMENT.match(word):
                continue
            return word if _PLAIN.fullmatch(word) and word not in _OF_THE_SHELL else None
    except ValueError:
        return None  # an open quote; the shell will say so itself
    return None


def missing(word: str, *, path: str | None, cwd: str | None) -> str | None:
    """Say why `word` cannot be run as a program, or None when it can; `path` is the job's PATH."""
    if "/" not in word:
        search = os.defpath if path is None else path
        if shutil.which(word, path=search) is None:
            return f"command not found: {word} (PATH is {search})"
        return None
    place = Path(cwd or "", word)
    if not place.exists():
        return f"command not found: there is no {place}"
    if place.is_dir():
        return f"{place} is a directory"
    if not os.access(place, os.X_OK):
        return f"{place} is not executable"
    return None
