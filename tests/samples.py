"""Small pages and records without a fault, for tests to build and to break."""

from __future__ import annotations

DATES = "drafted: 2026-11-23\nnext_review: 2027-11-23\n"

BIB = """\
@article{adam2018,
  author = {Adam, R. and others},
  title = {{Annual report of a registry}},
  journal = {{J Hepatol}},
  year = {2018},
  doi = {10.1016/j.jhep.2018.01.001},
}

@article{lin2017,
  author = {Lin, B.},
  title = {{Allogeneic cells}},
  journal = {{Hepatology}},
  year = {2017},
  pmid = {28370357},
}
"""

FACTS = """\
- id: survival
  topic: transplant
  statement: In a registry 86% of people were alive after one year.
  value: 86
  unit: '% alive'
  shown:
    alive: 86 of 100
    dead: 14 of 100
  source: adam2018
  verification_level: abstract
  read_on: '2026-11'
"""

STUDIES = """\
- id: lin2017
  source: lin2017
  title: Cells for liver failure
  design: RCT
  n_total: 110
  n_treated: 56
  n_control: 54
  verification_level: full-text
  read_on: '2026-11'
"""

TERMS = """\
- term: ascites
  theme: complications
  synonyms: [water belly]
  pronunciation: uh-SY-teez
  definition_plain: Fluid in the belly.
  definition_clinical: Fluid in the peritoneal cavity.
  see_also: [cirrhosis]
- term: cirrhosis
  theme: illnesses
  pronunciation: si-ROH-sis
  definition_plain: Scars in the liver.
  definition_clinical: Diffuse fibrosis with nodules.
"""

EMERGENCIES = """\
- id: vomiting-blood
  title: Vomiting blood
  level: call
  what_to_do: Call an ambulance now.
  rests_on: [survival]
  phrases: [vomiting blood]
"""

EVIDENCE = {
    "references.bib": BIB,
    "unlinked-hosts.txt": "# Copies\nmirror.example\n",
    "facts/a.yaml": FACTS,
    "studies/a.yaml": STUDIES,
    "terms/a.yaml": TERMS,
    "series/a.csv": (
        "series,year,value,unit,source\ntransplants,2023,10,transplants,adam2018\ntransplants,2024,12,transplants,adam2018\n"
    ),
}
"""A small folder of evidence without a fault."""


def page(body: str, title: str = "A page", head: str = "") -> str:
    """Return a page with whole front matter. ``body`` begins on line 8."""
    description = "A small page that stands in for a real one, so that a test can break it."
    return f"---\ntitle: {title}\ndescription: {description}\naudience: [patient]\n{DATES}{head}---\n{body}"


PAGES = {
    "index.md": page("Home.\n\n```{toctree}\n:hidden:\n\npage\nabout/index\n```\n", "A tiny site"),
    "page.md": page("Alive: {fact}`survival:alive`. A {term}`water belly`. {study}`lin2017` {certainty}`low`\n"),
    "about/index.md": page("About.\n\n```{toctree}\n:hidden:\n\nabout-privacy\nglossary\nreferences\n```\n", "About"),
    "about/about-privacy.md": page("How pages are made.\n", "Privacy"),
    "about/glossary.md": page("```{glossary-of-terms}\n```\n", "Glossary"),
    "about/references.md": page("```{bibliography}\n```\n", "References"),
}
"""The least that the real settings need: a page, the glossary, the references, and the page that says what a status means."""

GRADED_STUDY = STUDIES.replace(
    "  design: RCT\n",
    "  conditions: [acute-on-chronic liver failure]\n  intervention: MSC, donor\n  given: Donor cells\n"
    "  result: Not read\n  design: RCT\n",
)
"""The common study, with what the tables of studies show."""

GRADED = {
    "questions.yaml": "- id: deaths\n  question: Do cells help people live longer?\n",
    "studies/b.yaml": """\
- id: cells2020
  source: lin2017
  title: Cells for cirrhosis
  conditions: [decompensated cirrhosis]
  intervention: MSC, donor
  given: Donor cells into a vein
  result: 10 of 40 died with cells and 20 of 40 without, by 24 weeks
  risk_of_bias: {rating: high, reason: Not blinded}
  design: RCT
  country: Spain
  n_total: 80
  n_treated: 40
  n_control: 40
  counts:
    - {outcome: death, treated: 10/40, control: 20/40, timepoint: 24 weeks, basis: stated}
  risks:
    deaths:
      who: people with cirrhosis
      when: after 24 weeks
      where: Spain
      years: "2020"
      event: had died
      others: were alive
      groups:
        - {part: cells, label: With cells}
        - {part: control, label: Without}
  shown:
    cells: {text: 25 of 100, derived: 10 of 40}
    control: {text: 50 of 100, derived: 20 of 40}
  note: Read in 2020.
  verification_level: abstract
  read_on: '2026-11'
- id: marrow2021
  source: adam2018
  title: Marrow for cirrhosis
  conditions: [compensated cirrhosis]
  intervention: marrow cells, own
  given: Own marrow cells into the liver artery
  result: 6 of 30 died with cells and 6 of 30 without, by 1 year
  risk_of_bias: {rating: some concerns, reason: Open}
  design: RCT
  country: Egypt
  n_total: 60
  counts:
    - {outcome: death, treated: 6/30, control: 6/30, timepoint: 1 year, basis: stated}
  verification_level: abstract
  read_on: '2026-11'
- id: drug2019
  source: adam2018
  title: A medicine
  conditions: [decompensated cirrhosis]
  intervention: G-CSF, no cells
  given: Injections
  result: No difference
  design: RCT
  cohort: one-hospital
  counts:
    - {outcome: death, treated: 3/20, control: 3/20, timepoint: 90 days, basis: stated}
  verification_level: abstract
  read_on: '2026-11'
""",
    "claims/a.yaml": """\
- id: cells-deaths
  question: deaths
  claim: Donor cells may lower deaths in cirrhosis; {cells2020:cells} people died with them and {cells2020:control} without.
  certainty: low
  body: randomised trials
  lowered:
    - {domain: risk of bias, by: 1, reason: People knew who got cells.}
    - {domain: imprecision, by: 1, reason: Few people died.}
  population: Adults with cirrhosis
  outcome: Deaths by 24 weeks
  outcome_kind: death
  for: [cells2020]
  against: [marrow2021]
  facts: [survival]
  searched: 2026-11-23
  search_terms: cells; cirrhosis
""",
    "comparisons/a.yaml": """\
- id: deaths-cells
  title: Deaths, with cells compared with none
  outcome: death
  treated: with cells
  control: without
  fewer: fewer deaths with cells
  more: more deaths with cells
  studies: [cells2020, marrow2021]
  pooled: false
  plan: The stages of illness differ.
  computed: 2026-11-25
""",
}
"""More evidence without a fault: a claim, a comparison, and the studies that they name."""

GRADED_PAGE = """
:::{claim} cells-deaths
:::

:::{risk} cells2020:deaths
:::

:::{forest} deaths-cells
:::

:::{studies}
:::

:::{series} transplants
:title: Transplants a year
:labels: Transplants
:::

Sure: {rating}`cells-deaths`.

:::{claims}
cells-deaths
:::
"""
"""The body of a page that shows all of it, each component once."""


def graded_files() -> dict[str, str | bytes]:
    """Return the files, from a site's folder, of graded evidence and of the pages that show it."""
    files: dict[str, str | bytes] = {f"evidence/{path}": text for path, text in GRADED.items()}
    return files | {
        "evidence/studies/a.yaml": GRADED_STUDY,
        "docs/page.md": page(GRADED_PAGE),
        "docs/about/evidence-map.md": page("```{evidence-map}\n```\n", "Map"),
        "docs/about/studies.md": page("```{study-records}\n```\n", "Studies"),
        "docs/about/data.md": page("```{open-data}\n```\n", "Data"),
        "docs/about/index.md": PAGES["about/index.md"].replace("references\n", "references\nevidence-map\nstudies\ndata\n"),
    }
