"""What an ad pays: its own figures, and Adzuna's estimates, which are never taken for them. Pure.

What lives here: which of the two figures are, and how they become those of the warehouse. What does not:
what is plausible, what is corrected (``enrich.pay.scale``). The kinds are in ``docs/pay.md``.
"""

from __future__ import annotations

from jobmarket.enrich.pay.read import Pay
from jobmarket.enrich.pay.scale import Written, annualise

ESTIMATED = "estimated"
_NOT_PREDICTED = "0"


def pay_of(low: float | None, high: float | None, predicted: str | float | bool | None) -> Pay:
    """Return the pay of an ad.

    :param low: ``salary_min``, euros a year; ``high``: ``salary_max``.
    :param predicted: ``salary_is_predicted``: ``"0"`` says that the employer stated it. Without that word
        the figures are taken for an estimate: they have amounts, and none a year that statistics could be
        made of.
    """
    if not low and not high:
        return Pay("absent", "nothing_written")
    if not _is_stated(predicted):
        rule = "source_estimate" if predicted is not None else "origin_not_said"
        return Pay(ESTIMATED, rule, "numbers", "year", low or None, high or None)
    annual = annualise(Written("year", low, high, None), may_correct=True)
    return Pay(
        annual.kind,
        annual.rule,
        "numbers",
        annual.period,
        low,
        high,
        None,
        annual.low_eur_per_year,
        annual.high_eur_per_year,
    )


def _is_stated(predicted: str | float | bool | None) -> bool:
    said = int(predicted) if isinstance(predicted, bool) else predicted
    return str(said) == _NOT_PREDICTED
