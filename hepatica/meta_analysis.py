"""Risk ratios of single studies, and their pooling. Pure functions on counts, no Sphinx, no library.

The methods are those of the Cochrane Handbook (https://training.cochrane.org/handbook/current/chapter-10): the logarithm
of the risk ratio with its large-sample standard error, 0.5 added to each cell of a study in which an arm has no event,
inverse-variance weights, and the random-effects model of DerSimonian and Laird (1986). Tested against statsmodels and
against published results.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""

CORRECTION = 0.5
"""Added to each of the four cells of a study in which an arm has no event."""


@dataclass(frozen=True)
class Arms:
    """People with the event, and all people, in the two arms of a study."""

    treated_events: int
    treated_total: int
    control_events: int
    control_total: int

    def __post_init__(self) -> None:
        for events, total in ((self.treated_events, self.treated_total), (self.control_events, self.control_total)):
            if not 0 <= events <= total or total < 1:
                raise ValueError(f"{events} of {total} people is not possible")


@dataclass(frozen=True)
class Ratio:
    """A risk ratio with its 95 % confidence interval; without unit. ``log`` and ``error`` are on the natural log scale."""

    log: float
    error: float

    @property
    def value(self) -> float:
        """The risk in the treated arm over the risk in the control arm."""
        return exp(self.log)

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return exp(self.log - Z95 * self.error)

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return exp(self.log + Z95 * self.error)


@dataclass(frozen=True)
class Pooled:
    """A pooled risk ratio, and how much the studies differ."""

    ratio: Ratio
    weights: tuple[float, ...]
    """Each study's share of the weight, in percent, in the order given."""

    tau2: float
    """Variance between the studies, on the log scale."""

    q: float
    """Cochran's Q."""

    i2: float
    """Share of the variation that is not chance, in percent."""


def risk_ratio(arms: Arms) -> Ratio | None:
    """Return a study's risk ratio, or None where nobody in either arm had the event: such a study says nothing of the ratio."""
    if arms.treated_events == 0 and arms.control_events == 0:
        return None
    add = CORRECTION if 0 in (arms.treated_events, arms.control_events) else 0.0
    treated, treated_total = arms.treated_events + add, arms.treated_total + 2 * add
    control, control_total = arms.control_events + add, arms.control_total + 2 * add
    error = sqrt(1 / treated - 1 / treated_total + 1 / control - 1 / control_total)
    return Ratio(log((treated / treated_total) / (control / control_total)), error)


def shares(ratios: Sequence[Ratio], tau2: float = 0.0) -> tuple[float, ...]:
    """Return each study's share of the inverse-variance weight, in percent."""
    weights = [1 / (ratio.error**2 + tau2) for ratio in ratios]
    return tuple(100 * weight / sum(weights) for weight in weights)


def pool(ratios: Sequence[Ratio]) -> Pooled:
    """Pool two or more studies by inverse variance and random effects (DerSimonian and Laird).

    Raises:
        ValueError: for fewer than two studies.
    """
    if len(ratios) < 2:
        raise ValueError("one study cannot be pooled")
    weights = [1 / ratio.error**2 for ratio in ratios]
    mean = sum(w * r.log for w, r in zip(weights, ratios, strict=True)) / sum(weights)
    q = sum(w * (r.log - mean) ** 2 for w, r in zip(weights, ratios, strict=True))
    spare = len(ratios) - 1
    scale = sum(weights) - sum(w**2 for w in weights) / sum(weights)
    tau2 = max(0.0, (q - spare) / scale)
    weights = [1 / (ratio.error**2 + tau2) for ratio in ratios]
    mean = sum(w * r.log for w, r in zip(weights, ratios, strict=True)) / sum(weights)
    i2 = max(0.0, 100 * (q - spare) / q) if q else 0.0
    return Pooled(Ratio(mean, sqrt(1 / sum(weights))), shares(ratios, tau2), tau2, q, i2)


def in_words(ratio: Ratio) -> str:
    """Write a ratio and its interval: "0.60 (0.36 to 1.02)". An end that would round to 1 keeps three digits."""
    return f"{figure(ratio.value)} ({interval(ratio)})"


def interval(ratio: Ratio) -> str:
    """Write the interval of a ratio: "0.36 to 1.02"."""
    return f"{figure(ratio.low)} to {figure(ratio.high)}"


def figure(number: float) -> str:
    """Write one end of a ratio with two digits after the point."""
    text = f"{number:.2f}"
    return f"{number:.3f}" if text == "1.00" and abs(number - 1) >= 0.0005 else text
