"""Label and remark of an offer's pay -> euros gross a year, with the rule that fired. Pure.

What lives here: which text is read, and the reading with its verdict. What does not: the grammars
(``pay_label``, ``pay_comment``), periods and plausibility (``pay_scale``). The rules and their error rate
are in ``docs/pay.md``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from jobmarket.enrich.pay_comment import (
    amounts_in,
    read_comment,
    states_money,
    states_net,
    states_share_of_minimum_wage,
)
from jobmarket.enrich.pay_label import fold, read_label
from jobmarket.enrich.pay_scale import Written, annualise

LONGEST_CHARS = (
    300  # labels have up to 60, remarks up to 40; longer texts are no pay and are not kept
)


class Pay(NamedTuple):
    """Pay as read; the fields are columns of ``core.job_offer``, in their order.

    :param salary_kind: ``stated``, ``corrected``, ``implausible``, ``unreadable`` or ``absent``.
    :param salary_rule: name of the rule that decided; of corrections all, joined by ``+``.
    :param salary_source: ``label`` or ``comment``; None if absent.
    :param salary_period: ``hour``, ``month`` or ``year``, after correction.
    :param salary_min_eur: lower bound as written, in that period (before thousands and swap).
    :param salary_max_eur: upper bound as written; a single amount is both bounds.
    :param salary_month_count: the number behind « sur »; None for none and for 0.
    :param salary_min_eur_per_year: gross, full time; None unless stated or corrected.
    :param salary_max_eur_per_year: as the minimum.
    """

    salary_kind: str
    salary_rule: str
    salary_source: str | None = None
    salary_period: str | None = None
    salary_min_eur: float | None = None
    salary_max_eur: float | None = None
    salary_month_count: float | None = None
    salary_min_eur_per_year: float | None = None
    salary_max_eur_per_year: float | None = None


def read_pay(label: str | None, comment: str | None) -> Pay:
    """Return the pay that an offer states, in euros gross a year of full-time work where that is safe.

    :param label: ``salaire.libelle``.
    :param comment: ``salaire.commentaire``: read only where the label has no amount; beside one it can
        only take the amount back, as net or as a share.
    """
    if label is not None and len(label) > LONGEST_CHARS:
        return Pay("unreadable", "too_long", "label")
    if comment is not None and len(comment) > LONGEST_CHARS:
        return _read(label, None) if label else Pay("unreadable", "too_long", "comment")
    return _read(label, comment)


@lru_cache(maxsize=16384)  # a day of 40,000 offers has some nine thousand different pays
def _read(label: str | None, comment: str | None) -> Pay:
    label, comment = fold(label) if label else "", fold(comment) if comment else ""
    written = read_label(label) if label else None
    if isinstance(written, Written):
        return _of_label(written, comment)
    if label and (free := read_comment(label)):
        return _verdict(free, "label", may_correct=False)
    if comment and (free := read_comment(comment)):
        return _verdict(free, "comment", may_correct=False)
    if written is not None:
        return Pay("unreadable", written, "label")
    return _of_unread_comment(comment)


def _of_label(written: Written, comment: str) -> Pay:
    doubt = _doubt(written, comment) if comment else None
    if doubt is None:
        return _verdict(written, "label", may_correct=True)
    period = None if written.period == "fee" else written.period
    return Pay("unreadable", doubt, "label", period, *written[1:])


def _doubt(written: Written, comment: str) -> str | None:
    """Return the rule by which a remark takes back the amount of its label."""
    if states_share_of_minimum_wage(comment):
        return "share_of_minimum_wage"
    if states_net(comment):
        amounts = amounts_in(comment)
        if not amounts or written.low in amounts or written.high in amounts:
            return "net_amount"
    return None


def _verdict(written: Written, source: str, *, may_correct: bool) -> Pay:
    annual = annualise(written, may_correct=may_correct)
    kind, rule, period, low, high = annual
    return Pay(kind, rule, source, period, *written[1:], low, high)


def _of_unread_comment(comment: str) -> Pay:
    if not comment:
        return Pay("absent", "nothing_written")
    if not states_money(comment):
        return Pay("absent", "no_amount")
    return Pay("unreadable", "net_amount" if states_net(comment) else "no_safe_amount", "comment")
