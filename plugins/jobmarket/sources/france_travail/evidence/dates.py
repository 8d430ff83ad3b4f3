"""What is assumed of dates: the clock they show, the filter's, and whether it takes its bounds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jobmarket.sources.france_travail.client.answer import wall_second, wall_text
from jobmarket.sources.france_travail.evidence.finding import REPORT, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.sources.france_travail.evidence.finding import Finding
    from jobmarket.sources.france_travail.evidence.inquiry import Inquiry

SHIFTS_S = (3_600, 7_200, -3_600, -7_200)
"""Clocks that the filter may compare instead: UTC in winter and in summer, or the other way about."""

_NEW_S = 900
_OVERLAP = "nothing: what a window asks for goes a second beyond its core (plan/partition.py)"
_SHIFT = "nothing up to LARGEST_SHIFT_S of plan/day_plan.py: each day measures and follows it"


def ask(api: Inquiry) -> Iterator[Finding]:
    """Ask for a known offer by its own second, and with bounds that no filter takes."""
    yield _clock_of_offers(api)
    page = api.search(**api.of_day(sort="1", origineOffre="2"))
    known = [
        (str(offer.get("id")), second)
        for offer in page.offers
        if str(offer.get("dateCreation", "")).endswith(".000Z")
        and (second := wall_second(str(offer["dateCreation"]))) is not None
    ]
    yield from _filter(api, known)
    one, later = f"{api.day}T10:00:00Z", f"{api.day}T11:00:00Z"
    finer = {"minCreationDate": f"{one[:-1]}.000Z", "maxCreationDate": f"{later[:-1]}.000Z"}
    for name, asked in (
        ("one bound only", {"minCreationDate": one}),
        ("milliseconds in a bound", finer),
        ("bounds the wrong way about", {"minCreationDate": later, "maxCreationDate": one}),
    ):
        met = api.search(**asked, range="0-0")
        yield found(name, "400", met.told(), met.status == 400, f"{REPORT}; it is never asked")


def _clock_of_offers(api: Inquiry) -> Finding:
    """Compare the newest offer with the clocks of Paris and of Greenwich."""
    assumed = "dateCreation is the wall clock of Paris, whatever its Z says"
    where = "wall_second in client/answer.py and the day of an offer in contract/dates.py"
    today = f"{api.paris_now:%Y-%m-%d}"
    bounds = {"minCreationDate": f"{today}T00:00:00Z", "maxCreationDate": f"{today}T23:59:59Z"}
    newest = api.search(**bounds, sort="1", range="0-0").offers
    text = str(newest[0].get("dateCreation", "")) if newest else ""
    try:
        created = datetime.fromisoformat(text[:19])
    except ValueError:
        return found("clock of offers", assumed, text[:30] or "no offer", None, where)
    greenwich = api.now.astimezone(UTC).replace(tzinfo=None)
    behind_s = (api.paris_now - created).total_seconds()
    behind_utc_s = (greenwich - created).total_seconds()
    met = f"the newest offer is of {text[:30]}, asked at {api.paris_now:%H:%M:%S} in Paris"
    if behind_s >= -120 and behind_utc_s < -120:
        return found("clock of offers", assumed, met, True, where)
    holds = False if behind_s < -120 or behind_utc_s < _NEW_S else None
    return found("clock of offers", assumed, met, holds, where)


def _filter(api: Inquiry, known: list[tuple[str, int]]) -> Iterator[Finding]:
    """Look for an offer of a whole second: around it, on other clocks, at either bound."""
    clock = ("clock of the filter", "the filter compares what dateCreation shows")
    lower = ("lower bound", "an offer of the very second is given")
    upper = ("upper bound", "an offer of the very second is given")
    if not known:
        for name, assumed in (clock, lower, upper):
            yield found(name, assumed, "no offer of a whole second on the page", None, _OVERLAP)
        return
    offer_id, second = known[len(known) // 2]

    def is_given(first: int, last: int) -> bool:
        bounds = {"minCreationDate": wall_text(first), "maxCreationDate": wall_text(last)}
        page = api.search(**bounds, origineOffre="2", sort="1")
        return any(offer.get("id") == offer_id for offer in page.offers)

    shift: int | None = 0
    if not is_given(second - 1, second + 1):
        shift = next(
            (s for s in SHIFTS_S if is_given(second - s - 1, second - s + 1)),
            None,
        )
    met = "it is given when asked for by its own second"
    if shift is None:
        met = "it is not given by its own second, nor an hour or two away"
    elif shift:
        met = f"it is given when asked for {-shift:+d} s from its own second"
    yield found(*clock, met, shift == 0, _SHIFT)
    for (name, assumed), first, last in ((lower, 0, 1), (upper, -1, 0)):
        at = second - (shift or 0)
        given = None if shift is None else is_given(at + first, at + last)
        told = {None: "the filter was not understood", True: "given", False: "left out"}[given]
        yield found(name, assumed, told, given, _OVERLAP)
