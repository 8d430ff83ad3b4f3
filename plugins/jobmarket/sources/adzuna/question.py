"""What can be asked of Adzuna: one page of one listing, the newest ads first. Pure.

What lives here: a question and its text, the categories and places that a day can be cut by. What does not:
which question comes next (``plan``), the account that asks (``client``).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode

from jobmarket.foundation.day import PARIS

PAGE_SIZE = 50
"""Ads that one page holds at most: a client that asked for 100 got an error."""

# of https://api.adzuna.com/v1/api/jobs/fr/categories, and `unknown`, which ads have that fit none
CATEGORIES = (
    "accounting-finance-jobs",
    "admin-jobs",
    "charity-voluntary-jobs",
    "consultancy-jobs",
    "creative-design-jobs",
    "customer-services-jobs",
    "domestic-help-cleaning-jobs",
    "energy-oil-gas-jobs",
    "engineering-jobs",
    "graduate-jobs",
    "healthcare-nursing-jobs",
    "hospitality-catering-jobs",
    "hr-jobs",
    "it-jobs",
    "legal-jobs",
    "logistics-warehouse-jobs",
    "maintenance-jobs",
    "manufacturing-jobs",
    "other-general-jobs",
    "part-time-jobs",
    "pr-advertising-marketing-jobs",
    "property-jobs",
    "retail-jobs",
    "sales-jobs",
    "scientific-qa-jobs",
    "social-work-jobs",
    "teaching-jobs",
    "trade-construction-jobs",
    "travel-jobs",
    "unknown",
)

# never `France`, which matches nothing
PLACES = (
    "Auvergne-Rhône-Alpes",
    "Bourgogne-Franche-Comté",
    "Bretagne",
    "Centre-Val de Loire",
    "Corse",
    "Grand Est",
    "Guadeloupe",
    "Guyane",
    "Hauts-de-France",
    "Ile-de-France",
    "La Réunion",
    "Martinique",
    "Mayotte",
    "Normandie",
    "Nouvelle-Aquitaine",
    "Occitanie",
    "Pays de la Loire",
    "Provence-Alpes-Côte d'Azur",
)


class Question(NamedTuple):
    """One page of one listing.

    :param days: ads of at most so many days, counted back from now.
    :param page: from 1.
    :param category: tag; ``None`` for all.
    :param place: name of a region; ``None`` for all of France.
    """

    days: int
    page: int = 1
    category: str | None = None
    place: str | None = None

    @property
    def text(self) -> str:
        """The parameters, sorted and encoded, with the page and without the account."""
        return f"{self.listing}&page={self.page}"

    @property
    def listing(self) -> str:
        """The parameters without the page."""
        asked = {"max_days_old": self.days, "results_per_page": PAGE_SIZE, "sort_by": "date"}
        # an empty value matches nothing: what is not asked is left out
        if self.category:
            asked |= {"category": self.category}
        if self.place:
            asked |= {"where": self.place}
        return urlencode(sorted(asked.items()))

    @property
    def target(self) -> str:
        """Path and parameters, without the account."""
        return f"/v1/api/jobs/fr/search/{self.page}?{self.listing}"


def question_of(text: str) -> Question:
    """Read what :attr:`Question.text` wrote; raise :class:`ValueError` if it is none."""
    asked = {name: values[0] for name, values in parse_qs(text).items()}
    try:
        days, page = int(asked["max_days_old"]), int(asked["page"])
    except KeyError as exc:
        raise ValueError(f"{text} is no question of Adzuna: it has no {exc}") from None
    return Question(days, page, asked.get("category"), asked.get("where"))


class Window(NamedTuple):
    """A day, and the ages that the API's only filter of time can tell.

    Whatever a day of that filter is (24 hours, a date in Paris, in London), ``days`` covers the day and
    ``newer`` has no ad of it.

    :param start: first instant of the day.
    :param end: first instant after it.
    :param days: of the filter, so that the day is within.
    :param newer: of the filter, so that the day is not; 0 if there is no such filter.
    """

    start: datetime
    end: datetime
    days: int
    newer: int


def window_of(day: date, now: datetime) -> Window:
    """Return the window of a day, Europe/Paris.

    :param now: the instant at which it is asked, with its zone; the day has begun.
    """
    start, end = (datetime.combine(one, time(), PARIS) for one in (day, day + timedelta(days=1)))
    back = (now.astimezone(PARIS).date() - day).days
    # a day on which the clocks change has not 24 hours
    days = max(back + 1, -((start - now) // timedelta(days=1)))
    newer = min(back - 2, (now - end) // timedelta(days=1))
    return Window(start, end, days, max(0, newer))
