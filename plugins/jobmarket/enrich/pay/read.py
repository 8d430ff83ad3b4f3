"""Label and remark of an offer's pay -> euros gross a year, with the rule that fired. Pure.

What lives here: which text is read, and the reading with its verdict. What does not: the grammars
(``label``, ``comment``), periods and plausibility (``scale``). The rules and their error rate
are in ``docs/pay.md``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from jobmarket.enrich.pay.comment import BEFORE, read_free
from jobmarket.enrich.pay.label import fold, read_composed, read_label
from jobmarket.enrich.pay.money import (
    makes_net,
    names_foreign_currency,
    states_money,
    states_net,
    states_share_of_minimum_wage,
)
from jobmarket.enrich.pay.scale import Annual, Written, annualise, is_part_of_full_pay

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
    read = _of_label(label) if label else None
    if read is not None and (read.salary_min_eur is not None or read.salary_max_eur is not None):
        return _beside(read, comment) if comment else read
    remark = fold(comment) if comment else ""
    if remark and (free := read_free(remark, is_label=False)):
        return _verdict(free, "comment", may_correct=False)
    if read is not None and read.salary_kind == "unreadable":
        return read
    return _of_unread_comment(remark, has_label=bool(label and label.strip()))


@lru_cache(maxsize=8192)
def _of_label(label: str) -> Pay:
    """Return what a label says by itself."""
    composed = read_composed(label)
    if composed:
        return _verdict([composed], "label", may_correct=True)
    folded = fold(label)
    written = read_label(folded) if folded else ""
    if isinstance(written, str):
        written = read_free(folded, is_label=True) or written
    if isinstance(written, list):
        return _verdict(written, "label", may_correct=True)
    if written == "no_amount" or states_money(folded, BEFORE):
        return Pay("unreadable", _why_unread(folded, written), "label")
    return Pay("absent", "no_amount")


def _beside(read: Pay, comment: str) -> Pay:
    """Return the pay of a label as its remark leaves it."""
    remark, takes_back, speaks_of_net = _remark(comment)
    if takes_back is None and speaks_of_net:
        low, high = read.salary_min_eur, read.salary_max_eur
        takes_back = "net_amount" if makes_net(remark, low, high) else None
    if takes_back is None:
        return read
    return Pay("unreadable", takes_back, "label", *read[3:7])


@lru_cache(maxsize=4096)
def _remark(comment: str) -> tuple[str, str | None, bool]:
    """Return a remark folded, the rule by which it takes back any amount, and whether it says « net »."""
    folded = fold(comment)
    if states_share_of_minimum_wage(folded):
        return folded, "share_of_minimum_wage", False
    if names_foreign_currency(folded):
        return folded, "foreign_currency", False
    return folded, None, states_net(folded)


def _verdict(readings: list[Written], source: str, *, may_correct: bool) -> Pay:
    written, annual = _best(readings, may_correct=may_correct)
    kind, rule, period, low, high = annual
    return Pay(kind, rule, source, period, *written[1:], low, high)


def _best(readings: list[Written], *, may_correct: bool) -> tuple[Written, Annual]:
    """Return the reading that needs no correction, else the first if it can be pay, else the other."""
    read = [(written, annualise(written, may_correct=may_correct)) for written in readings]
    if len(read) == 1:
        return read[0]
    for kind in ("stated", "corrected"):
        for written, annual in read:
            if annual.kind == kind:
                return written, annual
        if is_part_of_full_pay(read[0][0]):
            break
    return read[0]


def _why_unread(text: str, otherwise: str) -> str:
    if names_foreign_currency(text):
        return "foreign_currency"
    return "net_amount" if states_net(text) else otherwise


def _of_unread_comment(comment: str, *, has_label: bool) -> Pay:
    if not comment and not has_label:
        return Pay("absent", "nothing_written")
    if not comment or not states_money(comment, BEFORE):
        return Pay("absent", "no_amount")
    return Pay("unreadable", _why_unread(comment, "no_safe_amount"), "comment")
