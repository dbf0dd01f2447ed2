"""The site's search: its index as one script, the texts that snippets are cut from, and the search page.

Everything is a classic script, because pages opened from ``file://`` can load nothing else. ``search/index.js`` holds the
library, the engine and what is known of pages and words; it is loaded when a reader first turns to the search.
``search/text/<page>.js`` holds one page's text; it is loaded for the results that are shown.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from hepatica.evidence import evidence_of
from hepatica.navigation import read_sections
from hepatica.page_parts import EMERGENCY_NUMBERS
from hepatica.record_types import nearest
from hepatica.records import Evidence
from hepatica.search_sections import Section, sections
from hepatica.search_words import QuestionWords

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
EMERGENCY_PAGE = "start/emergency-signs"
GLOSSARY = "about/glossary"

WORD = re.compile(r"[^\W_]+(?:['’&][^\W_]+)*")
"""A word, as ``search_scripts/words.js`` cuts them."""

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without accents, as the engine does.

    >>> words_of("The naïve A&E patient’s")
    ['the', 'naive', 'a&e', "patient's"]
    """
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return [word.lower().replace("’", "'") for word in WORD.findall(plain)]


def base36(number: int) -> str:
    """Write a number as JavaScript's ``parseInt(text, 36)`` reads it.

    >>> base36(0), base36(36)
    ('0', '10')
    """
    text = DIGITS[number % 36]
    while number := number // 36:
        text = DIGITS[number % 36] + text
    return text


def postings(texts: Iterable[str], stop_words: Iterable[str]) -> dict[str, str]:
    """Return the words of all texts, and for each the texts that have it.

    ``words`` is one string of words; ``postings`` has for each of them "step*count, ...": the steps from one text's number to
    the next, and how often the word stands there, both in base 36, a count of one left out.

    >>> postings(["liver liver", "", "liver bile"], [])
    {'words': 'bile liver', 'postings': '2;0*2,2'}
    """
    stops = set(stop_words)
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for number, text in enumerate(texts):
        for word in words_of(text):
            if word not in stops and (len(word) > 1 or word.isdigit()):
                found[word][number] += 1
    lists = []
    for word in sorted(found):
        before, entries = 0, []
        for number, count in sorted(found[word].items()):
            entries.append(base36(number - before) + (f"*{base36(count)}" if count > 1 else ""))
            before = number
        lists.append(",".join(entries))
    return {"words": " ".join(sorted(found)), "postings": ";".join(lists)}


def question_words(evidence: Evidence, kind: str) -> list[str]:
    """Return one of the lists of words in which questions are put; empty where there is none."""
    found: QuestionWords | None = evidence.question_words.get(kind)
    return found.words if found else []


def word_data(evidence: Evidence) -> dict[str, Any]:
    """Return what the engine knows of words: terms, groups, emergencies, the words of questions."""
    terms = [
        {
            "term": term.term,
            "anchor": term.anchor,
            "names": term.names[1:],
            "lay": term.lay_synonyms,
            "short": term.abbreviation or "",
            "say": term.pronunciation,
            "plain": term.definition_plain,
            "act": term.what_to_do or "",
            "keep": term.do_not_stop or "",
        }
        for term in sorted(evidence.terms.values(), key=lambda term: (term.term.lower(), term.term))
    ]
    emergencies = [
        {
            "title": one.title,
            "level": one.level,
            "act": one.what_to_do,
            "phrases": one.phrases,
            "notWith": one.not_with,
            "anchor": one.anchor or "",
        }
        for one in evidence.emergencies.values()
    ]
    return {
        "terms": terms,
        "groups": [[group.strength, group.one_way, *group.words] for group in evidence.word_groups.values()],
        "emergencies": emergencies,
        "numbers": EMERGENCY_NUMBERS,
        "stopWords": question_words(evidence, "stop"),
        "lightWords": question_words(evidence, "light"),
        "frames": question_words(evidence, "meaning"),
    }


def page_data(env: BuildEnvironment) -> tuple[list[dict[str, Any]], list[tuple[str, list[Section]]]]:
    """Return what the engine knows of each page, and the pages' sections in the same order."""
    parts = read_sections(env)
    part_of = {page.docname: part.page.title for part in parts for page in part.pages}
    lists = {part.page.docname for part in parts} | {env.config.root_doc}
    pages: list[dict[str, Any]] = []
    texts = sorted(sections.of(env).items())
    first = 0
    for name, found in texts:
        meta = env.metadata[name]
        pages.append(
            {
                "name": name,
                "title": env.titles[name].astext(),
                "in": part_of.get(name, ""),
                "clinical": meta.get("clinical_name", ""),
                "about": meta.get("description", ""),
                "asked": _list(meta.get("answers", "")),
                "kind": "list" if name in lists else "records" if found[0].record else "page",
                "first": first,
            }
        )
        first += len(found)
    return pages, texts


def _list(text: str) -> list[str]:
    """Return a list of the front matter, which MyST keeps as JSON; a faulty one, of which the build warned, is empty."""
    return [str(one) for one in json.loads(text)] if text.startswith("[") else []


def index_script(data: Mapping[str, Any]) -> str:
    """Return ``search/index.js``: what it needs, in order, and at the end the engine, made of the data."""
    stemmers = resources.files("sphinx.search") / "minified-js"
    parts = [
        (HERE / "vendor" / "search-library.js").read_text("utf-8"),
        "/*! Stemmer: Snowball, BSD licence, as Sphinx brings it. */",
        *((stemmers / f"{name}-stemmer.js").read_text("utf-8") for name in ("base", "english")),
        "globalThis.hepaticaSearchLibrary.Stemmer = EnglishStemmer;",
        *((HERE / "search_scripts" / f"{name}.js").read_text("utf-8") for name in ("words", "spelling", "engine")),
        f"globalThis.hepaticaSearchData = {as_script(data)};",
    ]
    return "\n".join(parts) + "\n"


def as_script(data: object) -> str:
    """Return data as a JavaScript expression that is safe inside any script."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").replace("\u2028", "\\u2028")


def write_search(folder: Path, env: BuildEnvironment) -> None:
    """Write the index and the texts into ``folder``, which is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "text").mkdir(parents=True)
    evidence = evidence_of(env)
    pages, texts = page_data(env)
    numbered = [(page, one) for page, (_name, found) in enumerate(texts) for one in found]
    data = {
        "pages": pages,
        "sections": [[page, one.anchor, one.heading] for page, one in numbered],
        **postings((one.text for _page, one in numbered), question_words(evidence, "stop")),
        **word_data(evidence),
        "glossary": GLOSSARY,
        "emergencyPage": EMERGENCY_PAGE,
    }
    (folder / "index.js").write_text(index_script(data), "utf-8")
    for name, found in texts:
        text = f"hepaticaSearchText({as_script(name)}, {as_script([one.text for one in found])});\n"
        (folder / "text" / f"{name.replace('/', '.')}.js").write_text(text, "utf-8")


def _switch_off_sphinx_search(app: Sphinx) -> None:
    """Spare the site an index that nothing reads."""
    if app.builder.name == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def _search_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    if app.builder.name == "html":
        yield "search", {"title": "Search"}, "search.html"


def _check_anchors(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of an emergency that names no section of the page of emergency signs: its link would lead to the top."""
    evidence = evidence_of(env)
    anchors = [one.anchor for one in sections.of(env).get(EMERGENCY_PAGE, [])]
    for emergency in evidence.emergencies.values():
        if anchors and emergency.anchor and emergency.anchor not in anchors:
            path, line = evidence.places["emergencies", emergency.id]
            message = (
                f"{EMERGENCY_PAGE} has no section '{emergency.anchor}'{nearest(emergency.anchor, anchors)}; correct the anchor"
            )
            logger.warning(message, location=f"{path}:{line}", type="hepatica", subtype="search")


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.name == "html":
        write_search(Path(app.outdir) / "search", app.env)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write the search when the site is built, in the place of Sphinx's own."""
    app.connect("builder-inited", _switch_off_sphinx_search)
    app.connect("env-check-consistency", _check_anchors)
    app.connect("html-collect-pages", _search_page)
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
