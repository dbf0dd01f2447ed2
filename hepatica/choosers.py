"""A directive that chooses records by its options, or by the ids in its body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar, get_args

from hepatica.notes import RecordDirective
from hepatica.record_types import nearest
from hepatica.records import Study

DESIGNS: tuple[str, ...] = get_args(Study.model_fields["design"].annotation)


class Chooser(RecordDirective):
    """A directive with options that choose records, and ids in its body that narrow the choice further."""

    has_content = True
    choices: ClassVar[dict[str, Sequence[str]]] = {}
    """What may stand in each option."""

    def chosen(self, option: str) -> set[str] | None:
        """Return what an option asks for (parted by ``;``), or None where it is not given or is wrong; warn of unknown words."""
        if option not in self.options:
            return None
        words = {word.strip() for word in self.options[option].split(";") if word.strip()}
        unknown = sorted(words - set(self.choices[option]))
        for word in unknown:
            known = nearest(word, self.choices[option]) or f": write one of {'; '.join(self.choices[option])}"
            self.warn(f"':{option}:' does not know '{word}'{known}; correct it")
        return None if unknown else words

    def ids(self, records: Iterable[str]) -> list[str]:
        """Return the ids in the body; warn of unknown ones."""
        known = set(records)
        found = [line.strip() for line in self.content if line.strip()]
        for name in found:
            if name not in known:
                self.warn(f"no such record '{name}'{nearest(name, known)}; correct the id or add the record")
        return [name for name in found if name in known]


def slug(text: str) -> str:
    """Return a text as the end of a class name, or as an anchor.

    >>> slug("cirrhosis, stage mixed or not stated")
    'cirrhosis-stage-mixed-or-not-stated'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
