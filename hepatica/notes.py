"""Source notes: a small numbered mark in the text, and the numbered entry that it leads to at the page's end.

One mechanism for facts, studies and trials. In HTML the mark is a link, and a script shows the entry beside it on hover,
focus or tap; in the book it is a ``noteref``, which reading systems show as a pop-up; on paper the numbers stay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator
from sphinxcontrib.bibtex.citation_target import CitationTarget
from sphinxcontrib.bibtex.roles import CitationRef

from hepatica.dates import day, month
from hepatica.evidence import evidence_of
from hepatica.record_types import nearest
from hepatica.records import LEVEL_WORDS, Citable, Evidence, Fact, Sourced, Study, Trial
from hepatica.sources import Source

logger = logging.getLogger(__name__)


class note_mark(nodes.Inline, nodes.Element):
    """The mark. Attributes: ``record``, ``label``; after numbering also ``number`` and ``ids``."""


class source_list(nodes.Part, nodes.Element):
    """The entries of a page, in the order of first use."""


class source_entry(nodes.Part, nodes.Element):
    """One entry. Attributes: ``number``, ``ids``."""


def label_of(record: Citable, evidence: Evidence) -> str:
    """Return a record's short name: "Adam 2018", or a trial's registry number."""
    return evidence.sources[record.source].label if isinstance(record, Sourced) else record.id


def make_mark(record: Citable, env: BuildEnvironment) -> note_mark:
    """Return a mark for ``record`` in the page that is being read, and tell Sphinx and bibtex of it."""
    evidence = evidence_of(env)
    env.note_dependency(evidence.file_of(record))
    if isinstance(record, Sourced):
        note_citation(record.source, record.id, env)
    return note_mark(record=record.id, label=label_of(record, evidence))


def note_citation(key: str, user: str, env: BuildEnvironment) -> None:
    """Tell bibtex that the page that is being read cites the source ``key`` for ``user``.

    bibtex lists a source as cited when it meets a cite role; ours make the reference later, in a transform.
    """
    env.note_dependency(evidence_of(env).folder / "references.bib")
    domain: Any = env.get_domain("cite")
    target = CitationTarget(key=key, pre="", post="")
    domain.citation_refs.append(CitationRef(f"source-of-{user}", env.current_document.docname, 0, [target]))


def find_record(env: BuildEnvironment, name: str, warn: Callable[[str], None]) -> Citable | None:
    """Return a record; for an unknown id warn and return None."""
    records = evidence_of(env).citable
    if name not in records:
        warn(f"no record '{name}' in evidence/{nearest(name, records)}; correct the id or add the record")
    return records.get(name)


class RecordDirective(SphinxDirective):
    """A directive that names records."""

    def record(self, name: str) -> Citable | None:
        """Return the record, or warn at the directive and return None."""
        return find_record(self.env, name, self.warn)

    def warn(self, message: str) -> None:
        """Warn at the directive; the build ends with an error, after all pages were read."""
        logger.warning(message, location=self.get_location(), type="hepatica", subtype=self.name)


class NumberNotes(SphinxTransform):
    """Number the marks of a page and append the section "Sources" with their entries."""

    default_priority = 700

    def apply(self, **kwargs: object) -> None:
        marks = list(self.document.findall(note_mark))
        if not marks:
            return
        evidence = evidence_of(self.env)
        numbers: dict[str, int] = {}
        uses: dict[str, list[str]] = {}
        for mark in marks:
            record = mark["record"]
            mark["number"] = numbers.setdefault(record, len(numbers) + 1)
            used = uses.setdefault(record, [])
            used.append(f"ref-{mark['number']}-{len(used) + 1}")
            mark["ids"] = [used[-1]]
            _close_up(mark)
        entries = source_list()
        for record, number in numbers.items():
            entry = source_entry("", *describe(evidence.citable[record], evidence), number=number, ids=[f"source-{number}"])
            entry["back"] = uses[record]
            entries += entry
        section = nodes.section("", nodes.title("", "Sources"), entries, ids=["sources"], names=["sources"])
        page = next(iter(self.document.findall(nodes.section)), self.document)
        page.append(section)


def _close_up(mark: note_mark) -> None:
    """Take out the space that a writer leaves between the text and its mark, so that no line breaks there."""
    before = mark.previous_sibling()
    if isinstance(before, nodes.Text) and before.endswith(" ") and before.strip():
        mark.parent.replace(before, nodes.Text(before.rstrip()))


def _line(kind: str, *parts: nodes.Node | str) -> nodes.paragraph:
    children = [nodes.Text(part) if isinstance(part, str) else part for part in parts]
    return nodes.paragraph("", "", *children, classes=[f"hep-source-{kind}"])


def describe(record: Citable, evidence: Evidence) -> Sequence[nodes.paragraph]:
    """Say of a record: what was found; who, where, when; the source; how much of it was read, and when."""
    if isinstance(record, Fact):
        what, who = record.statement, [record.population, record.year, record.as_of and f"as of {record.as_of}", record.caveat]
    elif isinstance(record, Study):
        what = record.authors_conclusion or record.title
        people = f"{record.n_total} people" if record.n_total else None
        design = ", ".join(part for part in (record.design, record.blinding) if part)
        who = [design, people, record.population, record.country, record.cell_type, record.limitations]
    else:
        what = f"{record.title}. {record.product}."
        who = [record.design, record.n and f"{record.n} people ({record.n_kind})", record.country, f"status read: {record.status}"]
    lines = [_line("what", _sentence(what))]
    said = " ".join(_sentence(str(part)) for part in who if part)
    if said:
        lines.append(_line("who", said))
    lines.append(_line("where", *_where(record, evidence)))
    level = LEVEL_WORDS[record.verification_level] if isinstance(record, Sourced) else f"read in: {record.evidence}"
    checked = f" Looked up again on {day(record.checked)}." if record.checked else ""
    lines.append(
        _line("read", f"{level[0].upper()}{level[1:]}, {month(record.read_on)}.{checked} Record: ", nodes.literal("", record.id))
    )
    return lines


def _where(record: Citable, evidence: Evidence) -> list[nodes.Node | str]:
    if isinstance(record, Trial):
        return [nodes.reference("", record.id, refuri=record.url, internal=False)] if record.url else [record.id]
    return describe_source(evidence.sources[record.source])


def describe_source(source: Source) -> list[nodes.Node | str]:
    """Return a source in a line: its label, which leads to the references, its title, where it stands, and its link."""
    citation = addnodes.pending_xref(
        "",
        nodes.inline("", source.label),
        refdomain="cite",
        reftype="label",
        reftarget=source.key,
        refexplicit=False,
        refwarn=True,
    )
    parts: list[nodes.Node | str] = [citation, f". {_sentence(source.title)}"]
    if source.published_in:
        parts.append(f" {_sentence(source.published_in)}")
    if source.link:
        url, words = source.link
        parts += [" ", nodes.reference("", words, refuri=url, internal=False)]
    return parts


def _sentence(text: str) -> str:
    text = text[0].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."


def visit_note_mark(self: HTML5Translator, node: note_mark) -> None:
    name = self.encode(f"Source {node['number']}: {node['label']}")
    kind = ' epub:type="noteref"' if self.builder.name == "epub" else ""
    self.body.append(
        f'<a class="hep-ref" id="{node["ids"][0]}" href="#source-{node["number"]}" role="doc-noteref"{kind}'
        f' aria-label="{name}">{node["number"]}</a>'
    )
    raise nodes.SkipNode


FOLDED_FROM = 10
"""A list of this many sources and more can be folded on the site: the script folds it when the page opens."""


def _folds(translator: HTML5Translator, node: source_list) -> bool:
    return translator.builder.name != "epub" and len(node.children) >= FOLDED_FROM


def visit_source_list(self: HTML5Translator, node: source_list) -> None:
    if _folds(self, node):
        # Open as it comes, so that a mark leads to its entry without script too.
        self.body.append(
            f'<details class="hep-more hep-fold" open>\n<summary>The {len(node.children)} sources of this page</summary>\n'
        )
    self.body.append('<ol class="hep-sources">\n')


def depart_source_list(self: HTML5Translator, node: source_list) -> None:
    self.body.append("</ol>\n</details>\n" if _folds(self, node) else "</ol>\n")


def visit_source_entry(self: HTML5Translator, node: source_entry) -> None:
    kind = ' epub:type="footnote"' if self.builder.name == "epub" else ""
    self.body.append(f'<li id="{node["ids"][0]}"{kind}>\n')


def depart_source_entry(self: HTML5Translator, node: source_entry) -> None:
    back = " ".join(
        f'<a href="#{target}" role="doc-backlink" aria-label="Back to the text, use {index} of source {node["number"]}">↩</a>'
        for index, target in enumerate(node["back"], 1)
    )
    self.body.append(f'<p class="hep-source-back">{back}</p>\n</li>\n')


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the nodes and the transform that numbers them."""
    app.add_node(note_mark, html=(visit_note_mark, None))
    app.add_node(source_list, html=(visit_source_list, depart_source_list))
    app.add_node(source_entry, html=(visit_source_entry, depart_source_entry))
    app.add_transform(NumberNotes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
