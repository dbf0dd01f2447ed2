"""What every page says of itself in its front matter: checked when the page is read, shown under its short answer."""

from __future__ import annotations

import datetime
import html
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from docutils import nodes
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from hepatica.dates import day
from hepatica.located_yaml import Loader
from hepatica.page_parts import short_answer
from hepatica.records import nearest

logger = logging.getLogger(__name__)

Audience = Literal["patient", "carer", "donor", "student", "contributor"]
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

    @model_validator(mode="after")
    def _in_order(self) -> FrontMatter:
        if self.next_review <= self.drafted:
            raise ValueError("'next_review' is not after 'drafted'; correct one of the two dates")
        return self


def read_front_matter(path: Path) -> tuple[FrontMatter | None, list[tuple[int, str]]]:
    """Read a page's front matter.

    Returns:
        The front matter, or None where it has faults; and the faults as (line, what is wrong and what to do).
    """
    lines = path.read_text("utf-8").splitlines()
    if not lines or lines[0].rstrip() != "---" or "---" not in [line.rstrip() for line in lines[1:]]:
        return None, [
            (1, "the page has no front matter; begin it with '---', then title, description, audience, drafted, next_review")
        ]
    end = [line.rstrip() for line in lines].index("---", 1)
    try:
        data = yaml.load("\n".join(lines[1:end]), Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        return None, [(line, "the front matter is not valid YAML; put text that holds ': ' in quotes")]
    if not isinstance(data, dict):
        return None, [(1, "the front matter must be 'key: value' lines")]
    places = {line.split(":")[0].strip(): number for number, line in enumerate(lines[:end], 1) if ":" in line}
    try:
        return FrontMatter.model_validate(data), []
    except ValidationError as error:
        return None, [_explain(detail, places) for detail in error.errors()]


def _explain(detail: Any, places: dict[str, int]) -> tuple[int, str]:
    key = str(detail["loc"][0]) if detail["loc"] else "next_review"
    if detail["type"] == "missing":
        message = f"the front matter has no '{key}'; add it"
    elif detail["type"] == "extra_forbidden":
        message = f"the front matter has an unknown key '{key}'{nearest(key, FrontMatter.model_fields)}; remove or correct it"
    elif detail["type"] == "value_error":
        message = str(detail["ctx"]["error"])
    elif key == "audience":
        message = "'audience' must be a list of patient, carer, donor, student, contributor; correct it"
    elif key in ("drafted", "next_review"):
        message = f"'{key}' is '{detail['input']}'; write a date as YYYY-MM-DD"
    elif key == "description":
        message = f"'description' has {len(str(detail['input']))} characters; write one plain sentence of 40 to 180"
    else:
        message = f"'{key}': {detail['msg']}"
    return places.get(key, 1), message


class page_meta(nodes.General, nodes.TextElement):
    """Dates and review status. Attributes ``drafted``, ``next_review``: dates. Child: the link to what the status means."""


class ShowFrontMatter(SphinxTransform):
    """Check the front matter, and put what a reader should see of it into the page."""

    default_priority = 400

    def apply(self, **kwargs: object) -> None:
        docname = self.env.current_document.docname
        path = self.env.doc2path(docname)
        matter, faults = read_front_matter(Path(path))
        for line, message in faults:
            logger.warning(message, location=(docname, line), type="hepatica", subtype="front-matter")
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


HOLLOW_HEXAGON = (
    '<svg class="hep-icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linejoin="round"'
    ' aria-hidden="true" focusable="false"><path d="M12 1.8 20.8 6.9v10.2L12 22.2 3.2 17.1V6.9z"/></svg>'
)


def visit_page_meta(self: HTML5Translator, node: page_meta) -> None:
    drafted, review = node["drafted"], node["next_review"]
    icon = "" if self.builder.name == "epub" else HOLLOW_HEXAGON
    self.body.append(
        f'<div class="hep-meta">\n<p><span>Drafted <time datetime="{drafted}">{day(drafted)}</time></span> '
        f'<span>Next review <time datetime="{review}">{day(review)}</time></span></p>\n'
        f'<p class="hep-status">{icon} <span>Drafted from the cited sources. Not yet reviewed by a clinician.</span> '
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
