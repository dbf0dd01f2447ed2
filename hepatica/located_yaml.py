"""YAML files read with the line of every value, so that an error can name the place.

Knows nothing of records. Duplicate keys, which YAML parsers accept in silence, are errors here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader where PyYAML has it: ten times faster on our megabyte of records."""

Place = tuple[str | int, ...]
"""Keys and indices that lead to a value: ``(3, "source")`` is the key ``source`` of the fourth item."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, where it stands, and the cure. Prints as ``file:line: message``."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass
class LocatedData:
    """The data of one file, and the line (from 1) of each value in it."""

    path: Path
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    before: int = 0
    """How many lines of the file stand before the YAML."""

    def line(self, place: Place) -> int:
        """Return the line of ``place``, or of the nearest value around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, self.before + 1)


def read_text(path: Path) -> tuple[str, list[Problem]]:
    """Read a UTF-8 file; a wrong encoding is a problem that names the first bad line."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return "", [Problem(path, line, "this is not UTF-8 text; save the file again with the encoding UTF-8")]


def load(path: Path) -> LocatedData:
    """Load one YAML file. Never raises for bad content: see ``problems`` of what it returns."""
    text, problems = read_text(path)
    return LocatedData(path, problems=problems) if problems else parse(path, text)


def parse(path: Path, text: str, before: int = 0) -> LocatedData:
    """Parse the YAML ``text``, which stands in ``path`` after ``before`` lines of something else. Never raises for bad content."""
    located = LocatedData(path, before=before)
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        located.data = None if node is None else _convert(loader, node, (), located)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        cure = (
            "use spaces, not tabs"
            if mark and "\t" in text.splitlines()[min(mark.line, text.count("\n") - 1)]
            else "check the indentation, and put text that holds ': ' or ' #' in quotes"
        )
        located.problems.append(
            Problem(path, before + (mark.line + 1 if mark else 1), f"this is not valid YAML ({error.problem}); {cure}")
        )
    except (yaml.YAMLError, ValueError) as error:
        reason = str(error).splitlines()[0]
        located.problems.append(
            Problem(path, before + 1, f"this is not valid YAML ({reason}); check for characters that do not print")
        )
    finally:
        loader.dispose()
    return located


def _convert(loader: Any, node: yaml.Node, place: Place, located: LocatedData) -> Any:
    located.lines[place] = located.before + node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_convert(loader, child, (*place, index), located) for index, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            line = located.before + key_node.start_mark.line + 1
            if key in mapping:
                located.problems.append(Problem(located.path, line, f"the key '{key}' stands twice; keep one of the two"))
            mapping[key] = _convert(loader, value_node, (*place, key), located)
            located.lines[(*place, key)] = line
        return mapping
    return loader.construct_object(node, deep=True)
