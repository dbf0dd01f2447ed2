"""Keeps one denominator on a page: people compare "3 of 100" with "8 of 1,000" by their first numbers, and get it wrong.

Holds for the plain layer, for numbers in the text and for risk pictures; clinicians' depth is exempt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from hepatica.facts import fact_value
from hepatica.page_parts import clinicians
from hepatica.risk_pictures import risk_picture

logger = logging.getLogger(__name__)

ROUND = re.compile(r"\bof (100|1,000|10,000)\b")
"""The denominators of natural frequencies; "15 of 56" counts the people of one trial and is no denominator of the page."""


class OneDenominator(SphinxTransform):
    """Refuse a second denominator."""

    default_priority = 465

    def apply(self, **kwargs: object) -> None:
        first = ""
        for node, denominator in self.found():
            first = first or denominator
            if denominator != first:
                forms = f"show all 'of {first}', or all 'of {denominator}' (a form in the record's 'shown:')"
                cure = f"{forms}, or move it to the clinicians' layer"
                message = f"'of {denominator}' on a page that counts 'of {first}'; {cure}"
                logger.warning(message, location=node, type="hepatica", subtype="denominator")

    def found(self) -> Iterator[tuple[nodes.Element, str]]:
        """Yield each number and picture of the plain layer with its denominator."""
        for node in self.document.findall(lambda one: isinstance(one, fact_value | risk_picture)):
            if _inside(node, clinicians):
                continue
            if isinstance(node, risk_picture):
                yield node, f"{node['denominator']:,}"
            elif isinstance(node, fact_value):
                for denominator in ROUND.findall(node.astext()):
                    yield node, denominator


def _inside(node: nodes.Node, kind: type[nodes.Node]) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, kind):
            return True
    return False


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the check."""
    app.add_transform(OneDenominator)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
