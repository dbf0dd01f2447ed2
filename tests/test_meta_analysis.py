"""The statistics: against a published table, against statsmodels, and where counts are awkward."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects, effectsize_2proportions  # type: ignore[import-untyped]

from hepatica.loading import load_evidence
from hepatica.meta_analysis import Arms, Ratio, in_words, pool, risk_ratio, shares
from tests.conftest import REPO

BCG = (
    (4, 119, 11, 128, -0.88931133, 0.325584765),
    (6, 300, 29, 274, -1.58538866, 0.194581121),
    (3, 228, 11, 209, -1.34807315, 0.415367965),
    (62, 13536, 248, 12619, -1.44155119, 0.020010032),
    (33, 5036, 47, 5761, -0.21754732, 0.051210172),
    (180, 1361, 372, 1079, -0.78611559, 0.006905618),
    (8, 2537, 10, 619, -1.62089822, 0.223017248),
    (505, 87886, 499, 87892, 0.01195233, 0.003961579),
    (29, 7470, 45, 7232, -0.46941765, 0.056434210),
    (17, 1699, 65, 1600, -1.37134480, 0.073024794),
    (186, 50448, 141, 27197, -0.33935883, 0.012412214),
    (5, 2493, 3, 2338, 0.44591340, 0.532505845),
    (27, 16886, 29, 17825, -0.01731395, 0.071404660),
)
"""Thirteen trials of the BCG vaccine (Colditz 1994, dat.bcg of R's metafor): ill and well with and without vaccine, and the log
risk ratio and its variance that metafor prints (escalc, measure RR)."""

ARMS = [Arms(ill, ill + well, other_ill, other_ill + other_well) for ill, well, other_ill, other_well, *_ in BCG]


def ratios(arms: list[Arms]) -> list[Ratio]:
    found = [risk_ratio(one) for one in arms]
    assert None not in found
    return [ratio for ratio in found if ratio]


def test_each_ratio_is_the_published_one() -> None:
    for ratio, (*_counts, log, variance) in zip(ratios(ARMS), BCG, strict=True):
        assert ratio.log == pytest.approx(log, abs=1e-8)
        assert ratio.error**2 == pytest.approx(variance, abs=1e-9)


def test_the_pooled_result_is_the_published_one() -> None:
    # metafor prints for these data: Q 152.233; with its REML estimator tau2 0.313, estimate -0.715 (-1.067 to -0.362).
    # DerSimonian and Laird's estimator, ours, gives nearly the same.
    pooled = pool(ratios(ARMS))
    assert pooled.q == pytest.approx(152.233, abs=5e-4)
    assert pooled.tau2 == pytest.approx(0.313, abs=0.005)
    assert pooled.ratio.log == pytest.approx(-0.715, abs=0.002)
    assert math.log(pooled.ratio.low) == pytest.approx(-1.067, abs=0.005)
    assert math.log(pooled.ratio.high) == pytest.approx(-0.362, abs=0.005)


def by_statsmodels(arms: list[Arms]) -> Any:
    table = []
    for one in arms:
        add = 0.5 if 0 in (one.treated_events, one.control_events) else 0  # its own correction would go to every study
        table.append((one.treated_events + add, one.treated_total + 2 * add, one.control_events + add, one.control_total + 2 * add))
    effects, variances = effectsize_2proportions(*np.array(table, float).T, statistic="risk-ratio")
    return combine_effects(effects, variances, method_re="dl", use_t=False)


ALIKE = [Arms(10, 100, 20, 100), Arms(21, 200, 40, 200), Arms(5, 50, 10, 50)]


@pytest.mark.parametrize("arms", [ARMS, ARMS[3:5], [Arms(0, 27, 3, 24), *ARMS[:6]]], ids=["many", "two", "none in an arm"])
def test_pooling_agrees_with_statsmodels(arms: list[Arms]) -> None:
    theirs, ours = by_statsmodels(arms), pool(ratios(arms))
    assert theirs.tau2 > 0
    assert ours.ratio.log == pytest.approx(theirs.mean_effect_re, abs=1e-12)
    assert ours.ratio.error == pytest.approx(theirs.sd_eff_w_re, abs=1e-12)
    assert ours.tau2 == pytest.approx(theirs.tau2, abs=1e-12)
    assert ours.q == pytest.approx(theirs.q, abs=1e-9)
    assert ours.i2 == pytest.approx(100 * theirs.i2, abs=1e-9)
    assert ours.weights == pytest.approx(list(100 * theirs.weights_rel_re), abs=1e-9)


@pytest.mark.filterwarnings("ignore:invalid value encountered in sqrt")
def test_where_nothing_differs_it_agrees_with_the_fixed_effect() -> None:
    # statsmodels lets the variance between studies fall below zero; we stop at zero, as is usual.
    theirs, ours = by_statsmodels(ALIKE), pool(ratios(ALIKE))
    assert theirs.tau2 < 0 == ours.tau2
    assert ours.ratio.log == pytest.approx(theirs.mean_effect_fe, abs=1e-12)
    assert ours.ratio.error == pytest.approx(theirs.sd_eff_w_fe, abs=1e-12)
    assert ours.weights == pytest.approx(list(100 * theirs.weights_rel_fe), abs=1e-9)


def test_studies_that_agree_have_no_variance_between_them() -> None:
    pooled = pool(ratios(ALIKE))
    assert (pooled.tau2, pooled.i2) == (0, 0)
    assert sum(pooled.weights) == pytest.approx(100)


def test_an_arm_without_events_is_corrected_and_two_say_nothing() -> None:
    one = risk_ratio(Arms(0, 27, 3, 24))
    assert one is not None
    assert one.value == pytest.approx((0.5 / 28) / (3.5 / 25))
    assert risk_ratio(Arms(0, 27, 0, 24)) is None


def test_one_study_is_not_pooled() -> None:
    with pytest.raises(ValueError, match="cannot be pooled"):
        pool(ratios(ARMS[:1]))


@pytest.mark.parametrize("counts", [(5, 4, 1, 10), (-1, 4, 1, 10), (0, 0, 1, 10), (1, 4, 11, 10)])
def test_impossible_counts_are_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="is not possible"):
        Arms(*counts)


def test_weights_without_pooling_follow_the_information() -> None:
    weights = shares([Ratio(0, 0.1), Ratio(0, 0.2)])
    assert weights == pytest.approx((80, 20))


@pytest.mark.parametrize(
    ("arms", "words"),
    [
        # The ratios of the dossier's own table of deaths by arm.
        (Arms(15, 56, 24, 54), "0.60 (0.36 to 1.02)"),
        (Arms(2, 28, 4, 30), "0.54 (0.11 to 2.70)"),
        (Arms(0, 27, 3, 24), "0.13 (0.01 to 2.35)"),
        (Arms(17, 23, 38, 69), "1.34 (0.97 to 1.85)"),
        (Arms(7, 23, 17, 24), "0.43 (0.22 to 0.84)"),
        # An end that would round to 1 keeps a digit more: whether it includes 1 matters.
        (Arms(14, 27, 22, 28), "0.66 (0.44 to 0.996)"),
    ],
)
def test_a_ratio_in_words(arms: Arms, words: str) -> None:
    ratio = risk_ratio(arms)
    assert ratio is not None
    assert in_words(ratio) == words


def test_no_comparison_of_ours_mixes_what_must_stay_apart() -> None:
    # The loader refuses it; this says so of the real plan, where a pooled line is drawn.
    evidence = load_evidence(REPO / "evidence")
    pooled = [one for one in evidence.comparisons.values() if one.pooled]
    assert pooled, "the plan has at least one pooled comparison"
    for comparison in pooled:
        studies = [evidence.studies[name] for name in comparison.studies]
        assert {study.design for study in studies} == {"RCT"}
        assert len({study.intervention for study in studies}) == 1
        assert len({tuple(study.conditions) for study in studies}) == 1
