"""What every page says of itself in its front matter: checked when the page is read, shown under its short answer."""

from __future__ import annotations

import datetime
import html
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from docutils import nodes
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from hepatica.dates import day
from hepatica.icons import icon
from hepatica.located_yaml import LocatedData, Problem, parse, read_text
from hepatica.page_parts import short_answer
from hepatica.record_types import nearest

logger = logging.getLogger(__name__)

Audience = Literal["patient", "carer", "donor", "student", "contributor"]
FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
REVIEW_STATUS_PAGE = "/about/about-privacy"


class FrontMatter(BaseModel):
    """The lines between ``---`` at the top of a page."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: Annotated[str, Field(min_length=1)]
    clinical_name: str | None = None
    description: Annotated[str, Field(min_length=40, max_length=180)]
    audience: Annotated[list[Audience], Field(min_length=1)]
    drafted: datetime.date
    next_review: datetime.date
    answers: list[str] = Field(default_factory=list)
    """Questions that the page answers, in readers' words and not the page's own: the search finds the page by them too."""

    not_linked: list[str] = Field(default_factory=list)
    """Terms that are not linked by themselves on this page."""

    @model_validator(mode="after")
    def _in_order(self) -> FrontMatter:
        if self.next_review <= self.drafted:
            raise ValueError("'next_review' is not after 'drafted'; correct one of the two dates")
        return self


def read_front_matter(path: Path) -> tuple[FrontMatter | None, list[Problem]]:
    """Read a page's front matter.

    Returns:
        The front matter, or None where it has faults; and the faults.
    """
    text, problems = read_text(path)
    if problems:
        return None, problems
    found = FRONT_MATTER.match(text)
    if not found:
        keys = "title, description, audience, drafted, next_review"
        return None, [Problem(path, 1, f"the page has no front matter; begin it with '---', then {keys}")]
    located = parse(path, found[1], before=1)
    if located.problems:
        return None, located.problems
    if not isinstance(located.data, dict):
        return None, [Problem(path, 2, "the front matter is not made of 'key: value' lines; write them so")]
    try:
        return FrontMatter.model_validate(located.data), []
    except ValidationError as error:
        return None, [_explain(detail, located) for detail in error.errors()]


def _explain(detail: Any, located: LocatedData) -> Problem:
    key = str(detail["loc"][0]) if detail["loc"] else "next_review"
    if detail["type"] == "missing":
        return Problem(located.path, 1, f"the front matter has no '{key}'; add it")
    if detail["type"] == "extra_forbidden":
        message = f"the front matter has an unknown key '{key}'{nearest(key, FrontMatter.model_fields)}; remove or correct it"
    elif detail["type"] == "value_error":
        message = str(detail["ctx"]["error"])
    elif key == "audience":
        message = "'audience' must be a list of patient, carer, donor, student, contributor; correct it"
    elif key in ("answers", "not_linked"):
        message = f"'{key}' must be a list of {'questions' if key == 'answers' else 'terms'}; write one a line, each after '- '"
    elif key in ("drafted", "next_review"):
        message = f"'{key}' is '{detail['input']}'; write a date as YYYY-MM-DD"
    elif key == "description":
        message = f"'description' has {len(str(detail['input']))} characters; write one plain sentence of 40 to 180"
    else:
        message = f"'{key}' is {detail['input']!r}; write text"
    return Problem(located.path, located.line((key,)), message)


class page_meta(nodes.General, nodes.TextElement):
    """Dates and review status. Attributes ``drafted``, ``next_review``: dates. Child: the link to what the status means."""


class ShowFrontMatter(SphinxTransform):
    """Check the front matter, and put what a reader should see of it into the page."""

    default_priority = 400

    def apply(self, **kwargs: object) -> None:
        docname = self.env.current_document.docname
        matter, faults = read_front_matter(Path(self.env.doc2path(docname)))
        for fault in faults:
            logger.warning(fault.message, location=(docname, fault.line), type="hepatica", subtype="front-matter")
        if matter is None:
            return
        if matter.clinical_name:
            for title in list(self.document.findall(nodes.title))[:1]:
                title.parent.insert(
                    title.parent.index(title) + 1, nodes.paragraph("", matter.clinical_name, classes=["hep-clinical"])
                )
        for answer in list(self.document.findall(short_answer))[:1]:
            meta = page_meta("", "", _status_link(docname), drafted=matter.drafted, next_review=matter.next_review)
            answer.parent.insert(answer.parent.index(answer) + 1, meta)


def _status_link(docname: str) -> nodes.Node:
    words = "What that means"
    return addnodes.pending_xref(
        "",
        nodes.inline("", words),
        refdomain="std",
        reftype="doc",
        reftarget=REVIEW_STATUS_PAGE,
        refdoc=docname,
        refexplicit=True,
        refwarn=True,
    )


def visit_page_meta(self: HTML5Translator, node: page_meta) -> None:
    drafted, review = node["drafted"], node["next_review"]
    hollow = "" if self.builder.name == "epub" else icon("hexagon")
    self.body.append(
        f'<div class="hep-meta">\n<p><span>Drafted <time datetime="{drafted}">{day(drafted)}</time></span> '
        f'<span>Next review <time datetime="{review}">{day(review)}</time></span></p>\n'
        f'<p class="hep-status">{hollow} <span>Drafted from the cited sources. Not yet reviewed by a clinician.</span> '
    )


def depart_page_meta(self: HTML5Translator, node: page_meta) -> None:
    self.body.append("</p>\n</div>\n")


def _describe(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Put the description where search engines look for it."""
    description = (context.get("meta") or {}).get("description")
    if description and app.builder.name == "html":
        context["metatags"] = f'{context.get("metatags", "")}<meta name="description" content="{html.escape(description)}">\n'


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the check, the node and the description."""
    app.add_node(page_meta, html=(visit_page_meta, depart_page_meta))
    app.add_transform(ShowFrontMatter)
    app.connect("html-page-context", _describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
