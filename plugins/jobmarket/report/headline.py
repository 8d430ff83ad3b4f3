"""What an editor asks first: how many, against what, and what moved. Pure.

What does not live here: its words (``fr/headline.py``), how a difference is told apart (``coverage``), when
a group counts as moved (``comparison``).
"""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from jobmarket.foundation.lake.standing import is_accounted
from jobmarket.foundation.period import period_before
from jobmarket.report.baseline import SIDES, earlier_period, is_day_off, may_compare
from jobmarket.report.comparison import movers
from jobmarket.report.coverage import Difference, Side, difference
from jobmarket.report.tables import SMALL_GROUP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from jobmarket.foundation.period import Period
    from jobmarket.report.answers import Answers
    from jobmarket.report.baseline import Against, DayRead, Series
    from jobmarket.report.comparison import Group

Why = Literal["", "not_read", "no_reference", "incomplete", "holiday"]
NEWS = 8  # lines of what moved, at most
NEWS_OF_A_KIND = 3
DIMENSIONS = ("contract_type", "departement", "rome", "technology", "partner")


class Comparison(NamedTuple):
    """The offers of days of the period against those of the same days of others.

    :param period: the other one; None if it is what is usual.
    :param days: days of the period that are compared.
    :param difference: None if there is nothing to compare with: :attr:`why` says why.
    :param why: ``not_read``: no day of the other may be compared; ``no_reference``: no certified day says
        what is usual; ``incomplete``: no day of the period itself may be compared; ``holiday``: it is one.
    """

    against: Against
    period: Period | None
    days: list[date]
    difference: Difference | None
    why: Why = ""


class Headline(NamedTuple):
    """The first screen.

    :param band: the fewest and the most offers of the days that say what is usual; of a day only.
    :param references: days that say what is usual, of the weekday that has the fewest.
    :param news: the groups that really moved, to be told; the largest first.
    :param has_reference: something usual is known, so no news means that nothing moved.
    :param trade_labels: what the offers of the period call a trade, by ROME code.
    :param is_naf_changed: the activities of employers are of two nomenclatures, so that they do not compare.
    """

    comparisons: list[Comparison]
    band: tuple[int, int] | None
    references: int
    news: list[Group]
    has_reference: bool
    trade_labels: Mapping[str, str] = MappingProxyType({})
    is_naf_changed: bool = False

    @property
    def disrupted(self) -> bool:
        """Tell whether the coverage is not the usual one: a change may then come from it."""
        usual = self.comparisons[-1].difference
        if usual is None:
            return False
        feeds = (usual.absent_feeds, usual.new_feeds, usual.late_feeds)
        return any(feeds) or bool(round(usual.unread))


def headline(answers: Answers) -> Headline:
    """Return the first screen of a report."""
    has_reference = bool(answers.baseline.days("usual"))
    return Headline(
        comparisons=_comparisons(answers),
        band=answers.baseline.band,
        references=answers.baseline.references,
        news=_news(answers) if has_reference else [],
        has_reference=has_reference,
        trade_labels=answers.trade_labels,
        is_naf_changed=answers.counts.is_naf_changed,
    )


def _comparisons(answers: Answers) -> list[Comparison]:
    period = answers.facts.period
    others: list[tuple[Against, Period | None]] = [
        ("before", period_before(period)),
        ("earlier", earlier_period(period)),
    ]
    named = [(against, other) for against, other in others if other]
    return [_comparison(answers, against, other) for against, other in [*named, ("usual", None)]]


def _comparison(answers: Answers, against: Against, other: Period | None) -> Comparison:
    here, there = SIDES[against]
    days = answers.baseline.days(here)
    if not days:
        return Comparison(against, other, days, None, _why(answers, against))
    now, before = side(answers, here), side(answers, there)
    margin = _margin(answers, now.total - before.total) if against == "usual" else 0
    parts = difference(now, before, margin, _yesterday(answers, against))
    return Comparison(against, other, days, parts)


def _yesterday(answers: Answers, against: Against) -> dict[str, float] | None:
    """Return what each partner delivered the day before, for a day that is compared with another one."""
    period = answers.facts.period
    if period.kind != "day" or against == "before" or not answers.baseline.days("before"):
        return None
    return answers.counts.by_value("before", "partner", "2")


def _why(answers: Answers, against: Against) -> Why:
    """Return why a comparison has no day."""
    period = answers.facts.period
    known = [day for day in answers.read if day.day in period.days]
    if period.kind == "day" and against == "usual" and is_day_off(period.start):
        return "holiday"
    if answers.facts.standing == "sample" and period.kind == "day":
        return "incomplete"
    may = any(may_compare(day, period) for day in known)
    if against == "usual":
        return "no_reference" if may else "incomplete"
    return "not_read" if may or period.kind == "day" else "incomplete"


def _margin(answers: Answers, change: float) -> float:
    """Return how far the days that say what is usual lie from their mean, on the side of the change."""
    if answers.baseline.band is None:
        return 0
    low, high = answers.baseline.band
    usual = answers.counts.total("usual")
    return high - usual if change > 0 else usual - low


def side(answers: Answers, series: Series) -> Side:
    """Return one side of a comparison: the totals of a series, its feeds, and what was not read."""
    counts = answers.counts
    days = {day.day: day for day in answers.read}
    weighed = [weight for weight in answers.baseline.weights if weight.series == series]
    members: Sequence[DayRead] = [days[weight.day] for weight in weighed]
    return Side(
        own=counts.total(series, "1"),
        partners=counts.total(series, "2"),
        feeds=counts.by_value(series, "partner", "2"),
        # the days that say what is usual have no gap: they are certified
        gap=sum(day.gap for day in members),
        is_proved=all(is_accounted(day.standing) for day in members),
    )


def _news(answers: Answers) -> list[Group]:
    """Return what moved, in a mix of kinds: a single one must not fill the screen."""
    usual = answers.counts
    groups = [group for name in DIMENSIONS for group in movers(usual.groups(name))]
    told: list[Group] = []
    kinds: Counter[str] = Counter()
    for group in sorted(groups, key=lambda g: (-abs(g.excess), g.dimension, g.code)):
        # told as a change against the usual, it must go the way that it goes against the expected
        goes_along = group.usual > 0 and (group.compared - group.usual) * group.excess > 0
        if not goes_along or group.compared < SMALL_GROUP or group.usual < SMALL_GROUP:
            continue
        if kinds[group.dimension] < NEWS_OF_A_KIND and len(told) < NEWS:
            kinds[group.dimension] += 1
            told.append(group)
    return told
