"""The parts that a page is made of: emergency box, short answer, key numbers, questions, clinicians' layer, certainty.

Each part is one directive (or role) and one node. What a part becomes in HTML, in the book and on paper is decided here.
"""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.typing import ExtensionMetadata, OptionSpec
from sphinx.writers.html5 import HTML5Translator

from hepatica.icons import icon

logger = logging.getLogger(__name__)

EMERGENCY_NUMBERS = (("999", "UK"), ("112", "Europe, India"), ("911", "US, Canada"))

CERTAINTIES = {"high": 4, "moderate": 3, "low": 2, "very low": 1}
"""GRADE's four words, each with the number of filled hexagons that stands beside it."""


class Part(nodes.General, nodes.Element):
    """A part of a page."""


class emergency(Part):
    """Red box: the danger and whom to call. Attributes: ``title``, ``say`` (may be empty)."""


class short_answer(Part):
    """The page's answer in three lines at most."""


class key_numbers(Part):
    """Two to five numbers, one bullet each."""


class questions(Part):
    """Questions to ask the team, as an ordered list."""


class clinicians(Part):
    """The same topic at professional depth. Attribute: ``inside``, a line that names what it holds."""


class certainty(nodes.Inline, nodes.Element):
    """A GRADE badge. Attribute: ``level``, a key of :data:`CERTAINTIES`."""


class PartDirective(SphinxDirective):
    """A part whose content is ordinary page text."""

    node_class: ClassVar[type[Part]]
    has_content = True

    def attributes(self) -> dict[str, str]:
        """Return the part's own attributes, from its argument and options."""
        return {}

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        node = self.node_class("", *self.parse_content_to_nodes(), **self.attributes())
        self.set_source_info(node)
        return [node]


class Emergency(PartDirective):
    """``:::{emergency} Call for help now if ...``"""

    node_class = emergency
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {"say": directives.unchanged_required}

    def attributes(self) -> dict[str, str]:
        return {"title": self.arguments[0], "say": self.options.get("say", "")}


class ShortAnswer(PartDirective):
    """``:::{short-answer}``"""

    node_class = short_answer


class KeyNumbers(PartDirective):
    """``:::{key-numbers}`` around a bullet list."""

    node_class = key_numbers


class Questions(PartDirective):
    """``:::{questions}`` around an ordered list."""

    node_class = questions


class Clinicians(PartDirective):
    """``:::{clinicians} Criteria, doses, guideline differences``"""

    node_class = clinicians
    required_arguments = 1
    final_argument_whitespace = True

    def attributes(self) -> dict[str, str]:
        return {"inside": self.arguments[0]}


class CertaintyRole(SphinxRole):
    """``{certainty}`very low```"""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        level = " ".join(self.text.lower().split())
        if level not in CERTAINTIES:
            message = self.inliner.reporter.error(
                f"'{self.text}' is not a certainty: write one of {', '.join(CERTAINTIES)}", line=self.lineno
            )
            return [], [message]
        return [certainty(level=level)], []


class OneOfEach(SphinxTransform):
    """Refuse a second emergency box or short answer: a page has one danger to lead with, and one answer."""

    default_priority = 460

    def apply(self, **kwargs: object) -> None:
        for kind, name in ((emergency, "emergency"), (short_answer, "short-answer")):
            for second in list(self.document.findall(kind))[1:]:
                message = f"a second '{name}' on one page; move its content into the first"
                logger.warning(message, location=second, type="hepatica", subtype="part")


def in_book(translator: HTML5Translator) -> bool:
    """Tell whether this is the ePub, where nothing may depend on colour, hover or script."""
    return translator.builder.name == "epub"


def visit_emergency(self: HTML5Translator, node: emergency) -> None:
    role = ' role="doc-notice" epub:type="notice"' if in_book(self) else ""
    alert, phone = ("", "") if in_book(self) else (icon("alert"), icon("phone"))
    title = self.encode(node["title"])
    self.body.append(f'<section class="hep-now"{role} aria-labelledby="emergency">\n')
    self.body.append(f'<h2 class="hep-now-title" id="emergency">{alert}<span>{title}</span></h2>\n<div class="hep-now-body">\n')
    # Before the list: on a phone's first screen stands whom to call.
    calls = (
        f'<a class="hep-call" href="tel:{number}"><strong>{phone}{number}</strong> <span>{place}</span></a>'
        for number, place in EMERGENCY_NUMBERS
    )
    self.body.append(f'<p class="hep-calls">{" ".join(calls)}</p>\n')


def depart_emergency(self: HTML5Translator, node: emergency) -> None:
    if node["say"]:
        self.body.append(f'<p class="hep-say">Say: “{self.encode(node["say"])}”</p>\n')
    self.body.append("</div>\n</section>\n")


def visit_short_answer(self: HTML5Translator, node: short_answer) -> None:
    self.body.append('<section class="hep-short" aria-labelledby="short-answer">\n')
    self.body.append('<h2 class="hep-short-title" id="short-answer">The short answer</h2>\n')


def depart_short_answer(self: HTML5Translator, node: short_answer) -> None:
    self.body.append("</section>\n")


def visit_key_numbers(self: HTML5Translator, node: key_numbers) -> None:
    self.body.append('<div class="hep-nums">\n')


def visit_questions(self: HTML5Translator, node: questions) -> None:
    self.body.append('<div class="hep-ask">\n')


def depart_div(self: HTML5Translator, node: Part) -> None:
    self.body.append("</div>\n")


def visit_clinicians(self: HTML5Translator, node: clinicians) -> None:
    inside = self.encode(node["inside"])
    if in_book(self):
        self.body.append(f'<section class="hep-pro">\n<p><strong>For clinicians:</strong> {inside}</p>\n')
    else:
        self.body.append(
            '<details class="hep-pro">\n<summary><span class="hep-pro-title">For clinicians</span> '
            f'<span class="hep-pro-inside">{inside}</span></summary>\n<div class="hep-pro-body">\n'
        )


def depart_clinicians(self: HTML5Translator, node: clinicians) -> None:
    self.body.append("</section>\n" if in_book(self) else "</div>\n</details>\n")


def hexagons(filled: int) -> str:
    """Draw four small hexagons, the first ``filled`` of them solid."""
    points = ((0, -5.9), (5.11, -2.95), (5.11, 2.95), (0, 5.9), (-5.11, 2.95), (-5.11, -2.95))
    drawn = []
    for index in range(4):
        corners = " ".join(f"{7 + 13 * index + x:g},{7.5 + y:g}" for x, y in points)
        fill = "currentColor" if index < filled else "none"
        drawn.append(f'<polygon points="{corners}" fill="{fill}" stroke="currentColor" stroke-width="1.2"/>')
    return f'<svg viewBox="0 0 53 15" width="53" height="15" aria-hidden="true" focusable="false">{"".join(drawn)}</svg>'


def visit_certainty(self: HTML5Translator, node: certainty) -> None:
    level = node["level"]
    words = f"{level.capitalize()} certainty"
    if in_book(self):
        self.body.append(f"<strong>{words}.</strong>")
    else:
        name = level.replace(" ", "-")
        self.body.append(f'<span class="hep-cert hep-cert-{name}">{hexagons(CERTAINTIES[level])}<span>{words}</span></span>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the parts' directives, the ``certainty`` role and their nodes."""
    app.add_directive("emergency", Emergency)
    app.add_directive("short-answer", ShortAnswer)
    app.add_directive("key-numbers", KeyNumbers)
    app.add_directive("questions", Questions)
    app.add_directive("clinicians", Clinicians)
    app.add_role("certainty", CertaintyRole())
    app.add_transform(OneOfEach)
    app.add_node(emergency, html=(visit_emergency, depart_emergency))
    app.add_node(short_answer, html=(visit_short_answer, depart_short_answer))
    app.add_node(key_numbers, html=(visit_key_numbers, depart_div))
    app.add_node(questions, html=(visit_questions, depart_div))
    app.add_node(clinicians, html=(visit_clinicians, depart_clinicians))
    app.add_node(certainty, html=(visit_certainty, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
