"""Asks Crossref and PubMed about our sources: titles, years and authors that differ, and retractions.

Polite to both: one request at a time, within the rates that they ask for, with a name they can see.
"""

from __future__ import annotations

import difflib
import html
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from hepatica.sources import Source

CROSSREF = "https://api.crossref.org"
PUBMED = "https://eutils.ncbi.nlm.nih.gov"
NAME = "Hepatica evidence check (open knowledge base on liver failure)"
PAUSE = 0.35
"""Seconds between two requests: PubMed asks for at most three a second."""

BATCH = 100
"""PubMed ids in one request."""

ALIKE = 0.85
"""Titles this similar (from 0 to 1) are taken as the same."""

Progress = Callable[[str, int, int], None]
"""Called with the register's name, how many sources are done, and of how many."""


class UnreachableError(Exception):
    """A register cannot be reached; the message is for the person at the keyboard."""


@dataclass(frozen=True)
class Answer:
    """What a register says of one source."""

    title: str
    years: frozenset[str]
    author: str
    retracted: str = ""
    """The notice of retraction (its DOI, or words), if there is one."""


@dataclass
class Register:
    """A register of papers, asked over the network."""

    name: str
    address: str
    pause: float = PAUSE
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.headers["User-Agent"] = NAME
        again = Retry(total=3, backoff_factor=1, status_forcelist=(429, 500, 502, 503), raise_on_status=False)
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, HTTPAdapter(max_retries=again))

    def ask(self, path: str) -> Any | None:
        """Return the JSON at ``path``, or None where the register knows nothing of it.

        Raises:
            UnreachableError: if there is no answer, or none that can be read.
        """
        time.sleep(self.pause)
        try:
            response = self.session.get(f"{self.address}{path}", timeout=30)
            if response.status_code == requests.codes.not_found:
                return None
            response.raise_for_status()
            return response.json()
        except (requests.RequestException, ValueError) as error:
            reason = type(error).__name__
            cure = "check the network, or run the check without --online"
            raise UnreachableError(f"{self.name} ({self.address}) gives no answer ({reason}); {cure}") from None


def ask_crossref(sources: Sequence[Source], register: Register, progress: Progress) -> Iterator[tuple[Source, Answer | None]]:
    """Ask Crossref for each source with a DOI; None means that it does not know the DOI."""
    for number, source in enumerate(sources, 1):
        found = register.ask(f"/works/{quote(source.doi or '', safe='')}")
        progress(register.name, number, len(sources))
        yield source, _of_crossref(found["message"]) if found else None


def _of_crossref(work: Any) -> Answer:
    years = {
        str(parts["date-parts"][0][0])
        for key in ("issued", "published-print", "published-online")
        if (parts := work.get(key)) and parts.get("date-parts", [[None]])[0][0]
    }
    authors = work.get("author") or [{}]
    notices = [update.get("DOI", "a notice") for update in work.get("updated-by", []) if "retract" in update.get("type", "")]
    title = (work.get("title") or [""])[0]
    if not notices and title.upper().startswith("RETRACTED"):
        notices = ["its title says so"]
    return Answer(title, frozenset(years), authors[0].get("family") or authors[0].get("name", ""), ", ".join(notices))


def ask_pubmed(sources: Sequence[Source], register: Register, progress: Progress) -> Iterator[tuple[Source, Answer | None]]:
    """Ask PubMed for the sources with a PubMed id, many at a time; None means that it does not know the id."""
    for start in range(0, len(sources), BATCH):
        batch = sources[start : start + BATCH]
        ids = ",".join(source.pmid or "" for source in batch)
        found = register.ask(f"/entrez/eutils/esummary.fcgi?db=pubmed&retmode=json&tool=hepatica&id={ids}")
        progress(register.name, start + len(batch), len(sources))
        results = (found or {}).get("result", {})
        for source in batch:
            summary = results.get(source.pmid)
            yield source, None if not summary or "error" in summary else _of_pubmed(summary)


def _of_pubmed(summary: Any) -> Answer:
    years = set(re.findall(r"\b(?:19|20)\d\d\b", f"{summary.get('pubdate', '')} {summary.get('epubdate', '')}"))
    authors = summary.get("authors") or [{}]
    retracted = "PubMed marks it so" if "Retracted Publication" in summary.get("pubtype", []) else ""
    # "Lin BL": PubMed writes initials after the family name.
    author = re.sub(r"\s+[A-Z]{1,4}$", "", authors[0].get("name", ""))
    return Answer(summary.get("title", ""), frozenset(years), author, retracted)


def differences(source: Source, answer: Answer | None, register: str) -> Iterator[str]:
    """Yield what a register says differently of a source, a retraction first."""
    if answer is None:
        number = source.doi if register == "Crossref" else source.pmid
        yield f"{register} does not know '{number}'; correct it"
        return
    if answer.retracted:
        cure = "take it out of every claim and page, and say so in corrections.yaml"
        yield f"RETRACTED, says {register} ({answer.retracted}): {cure}"
    if answer.title and _likeness(source.title, answer.title) < ALIKE:
        yield f"the title is '{source.title}', {register} has '{_words(answer.title)}'; correct one, or it is another paper"
    if source.year and answer.years and source.year not in answer.years:
        yield f"the year is {source.year}, {register} has {' or '.join(sorted(answer.years))}; correct it"
    if source.author and answer.author and _likeness(source.author, answer.author) < ALIKE:
        yield f"the first author is '{source.author}', {register} has '{_words(answer.author)}'; correct it"


def _words(text: str) -> str:
    """Take the markup and the double spaces out of a register's text."""
    return " ".join(re.sub(r"<[^>]+>", "", html.unescape(text)).split())


def _likeness(ours: str, theirs: str) -> float:
    one, other = (re.sub(r"[^a-z0-9]+", " ", _words(text).lower()).strip() for text in (ours, theirs))
    if one and other and (other.startswith(one) or one.startswith(other)):
        return 1.0  # one of the two leaves out a subtitle
    return difflib.SequenceMatcher(None, one, other).ratio()


def check_online(
    sources: Iterable[Source], progress: Progress, crossref: str = CROSSREF, pubmed: str = PUBMED, pause: float = PAUSE
) -> Iterator[tuple[str, str]]:
    """Ask both registers; yield (source key, what differs).

    Raises:
        UnreachableError: at the first register that gives no answer; what was found before was yielded.
    """
    known = list(sources)
    asked = (
        (Register("Crossref", crossref, pause), ask_crossref, [source for source in known if source.doi]),
        (Register("PubMed", pubmed, pause), ask_pubmed, [source for source in known if source.pmid]),
    )
    for register, ask, relevant in asked:
        for source, answer in ask(relevant, register, progress):
            for difference in differences(source, answer, register.name):
                yield source.key, difference
