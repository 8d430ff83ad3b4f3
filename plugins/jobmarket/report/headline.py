"""What an editor asks first: how many, against what, and what moved. Pure.

What does not live here: its words (``fr/headline.py``), how a difference is told apart (``coverage``), when
a group counts as moved (``comparison``).
"""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from jobmarket.period import period_before
from jobmarket.report.baseline import earlier_period
from jobmarket.report.comparison import movers
from jobmarket.report.coverage import Difference, Side, difference
from jobmarket.report.tables import SMALL_GROUP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobmarket.period import Period
    from jobmarket.report.baseline import DayRead, Series
    from jobmarket.report.comparison import Group
    from jobmarket.report.query import Answers

Against = Literal["before", "earlier", "usual"]
NEWS = 8  # lines of what moved, at most
NEWS_OF_A_KIND = 3
DIMENSIONS = ("contract_type", "departement", "rome", "technology", "partner")


class Comparison(NamedTuple):
    """The offers of the period against others.

    :param period: the other one; None if it is what is usual.
    :param difference: None if there is nothing to compare with: :attr:`why` says why.
    :param why: ``not_read``: days of the other are not loaded, or a sample; ``no_reference``: no certified
        day says what is usual; ``incomplete``: days of the period itself are missing, or a sample.
    """

    against: Against
    period: Period | None
    difference: Difference | None
    why: Literal["", "not_read", "no_reference", "incomplete"] = ""


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
        return bool(usual and (usual.absent_feeds or usual.new_feeds or round(usual.unread)))


def headline(answers: Answers) -> Headline:
    """Return the first screen of a report."""
    has_reference = answers.counts.has("usual")
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
    facts = answers.facts
    found = []
    others: list[tuple[Against, Period | None]] = [
        ("before", period_before(facts.period)),
        ("earlier", earlier_period(facts.period)),
    ]
    for against, other in others:
        if other is None:
            continue
        if facts.missing or facts.standing == "sample":
            found.append(Comparison(against, other, None, "incomplete"))
        elif not answers.counts.has(against):
            found.append(Comparison(against, other, None, "not_read"))
        else:
            parts = difference(side(answers, "now"), side(answers, against))
            found.append(Comparison(against, other, parts))
    if answers.counts.has("usual"):
        now, usual = side(answers, "compared"), side(answers, "usual")
        parts = difference(now, usual, _margin(answers, now.total - usual.total))
        found.append(Comparison("usual", None, parts))
    else:
        is_odd = facts.standing in ("sample", "uncertified")
        found.append(Comparison("usual", None, None, "incomplete" if is_odd else "no_reference"))
    return found


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
        is_proved=all(day.standing in ("certified", "gap") for day in members),
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
        if not goes_along or group.offers < SMALL_GROUP or group.usual < SMALL_GROUP:
            continue
        if kinds[group.dimension] < NEWS_OF_A_KIND and len(told) < NEWS:
            kinds[group.dimension] += 1
            told.append(group)
    return told
