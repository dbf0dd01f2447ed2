"""What a comparison says: the counts of its studies, their risk ratios and weights, and the pooled ratio. No Sphinx."""

from __future__ import annotations

from dataclasses import dataclass

from hepatica.meta_analysis import Arms, Pooled, Ratio, pool, risk_ratio, shares
from hepatica.records import Comparison, Counts, Evidence, Study


@dataclass(frozen=True)
class Result:
    """One study's line: its counts, its ratio (None where nobody had the event), and its weight in percent."""

    study: Study
    counts: Counts
    arms: Arms
    ratio: Ratio | None
    weight: float


def results_of(comparison: Comparison, evidence: Evidence) -> tuple[list[Result], Pooled | None]:
    """Compute a comparison from the counts in the records (the loader has checked that they are there)."""
    found = []
    for name in comparison.studies:
        study = evidence.studies[name]
        counts = study.counts_of(comparison.outcome)
        if counts and counts.arms:
            found.append((study, counts, counts.arms, risk_ratio(counts.arms)))
    ratios = [ratio for *_, ratio in found if ratio]
    pooled = pool(ratios) if comparison.pooled and len(ratios) > 1 else None
    weights = iter(pooled.weights if pooled else shares(ratios))
    return [Result(*one, next(weights) if one[3] else 0.0) for one in found], pooled
