"""From the parameters of a search to its answer. Pure: no HTTP, no clock, no faults of a server.

What lives here: what matches, in which order, which page, and how a question is refused. What does not: who
may ask (``desk``), which ads there are (``stock``), how one is spelled (``ad``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sandbox.adzuna.ad import CLASS, ads, names_of
from sandbox.adzuna.categories import TAGS
from sandbox.adzuna.stock import COMMUNE, DAY_MS, EPOCH, FRANCE, REGION, Stock
from sandbox.answers import Answer
from sandbox.offers.keywords import normalised
from sandbox.reference import communes, jobs

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from sandbox.adzuna.settings import AdzunaFaults

LARGEST_PAGE = 50
USUAL_PAGE = 10
DOC = "https://api.adzuna.com/v1/doc"
_FLAGS = ("full_time", "part_time", "contract", "permanent", "salary_include_unknown")
_KNOWN = {
    *("app_id", "app_key", "results_per_page", "what", "where", "category", "max_days_old"),
    *("sort_by", "sort_dir", "distance", "content-type"),
    *_FLAGS,
}


class RefusedError(Exception):
    """A question that is refused: the name of the exception and what it says."""

    def __init__(self, status: int, exception: str, display: str) -> None:
        super().__init__(display)
        self.status = status
        self.exception = exception

    def answer(self) -> Answer:
        """Return the body that such a refusal has."""
        return Answer.json(
            self.status,
            {
                "__CLASS__": f"{CLASS}Exception",
                "exception": self.exception,
                "display": str(self),
                "doc": DOC,
            },
        )


@dataclass(frozen=True)
class Found:
    """The ads that a question keeps, in its order, and its page."""

    stock: Stock
    page: int
    size: int

    def answer(self, app_id: str, count: int, faults: AdzunaFaults) -> dict[str, Any]:
        """Return the body, JSON-ready.

        :param count: what it announces.
        """
        first = (self.page - 1) * self.size
        is_too_deep = faults.deepest_page and self.page > faults.deepest_page
        last = first if is_too_deep else min(first + self.size, len(self.stock))
        shown = list(
            ads(
                self.stock.take(np.arange(first, max(first, last))),
                app_id,
                unknown_fields=faults.unknown_fields,
            )
        )
        paid = [ad["salary_min"] for ad in shown if "salary_min" in ad]
        body: dict[str, Any] = {"__CLASS__": f"{CLASS}JobSearchResults", "count": count}
        if paid:
            body["mean"] = round(sum(paid) / len(paid), 2)
        return body | {"results": shown}


def find(stock: Stock, page: str, asked: dict[str, str], now: datetime) -> Found:
    """Return what a question keeps.

    :param stock: all live ads, newest first.
    :param page: as it stands in the path, from 1.
    :param asked: the parameters.
    :param now: with its zone.

    Raise :class:`RefusedError` for a question that the API does not answer.
    """
    size = _number(asked, "results_per_page", USUAL_PAGE)
    if not 1 <= size <= LARGEST_PAGE:
        raise RefusedError(
            400, "UNSUPPORTED", f"results_per_page must be between 1 and {LARGEST_PAGE}"
        )
    if not re.fullmatch(r"[1-9]\d{0,5}", page):
        raise RefusedError(400, "UNSUPPORTED", "page must be a number from 1")
    unknown = sorted(set(asked) - _KNOWN)
    if unknown:
        raise RefusedError(400, "UNSUPPORTED", f"unsupported parameter {unknown[0]}")
    keep = np.flatnonzero(_matching(stock, asked, now))
    found = stock.take(keep)
    return Found(found.take(_order(found, asked)), int(page), size)


def _matching(stock: Stock, asked: dict[str, str], now: datetime) -> NDArray[np.bool_]:
    keep = np.ones(len(stock), np.bool_)
    if any(asked.get(flag) == "0" for flag in _FLAGS) or asked.get("what") == "":
        return ~keep  # an empty word and a flag that is off match nothing
    if "max_days_old" in asked:
        since_ms = int((now - EPOCH).total_seconds() * 1000)
        keep &= stock.created_ms >= since_ms - _number(asked, "max_days_old", 0) * DAY_MS
    if "category" in asked:
        if asked["category"] not in TAGS:
            raise RefusedError(400, "UNSUPPORTED", "unknown category")
        keep &= stock.category == TAGS.index(asked["category"])
    for word in normalised(asked.get("what", "")).split():
        keep &= _jobs_with(word)[stock.job]
    if "where" in asked:
        keep &= _at(stock, normalised(asked["where"]).strip())
    return keep


def _at(stock: Stock, name: str) -> NDArray[np.bool_]:
    """Return which ads lie in a place: a commune, a département, a region; nothing lies in France."""
    by_commune, by_departement, by_region = _places(name)
    return (
        (by_commune[stock.commune] & (stock.precision == COMMUNE))
        | (by_departement[stock.commune] & (stock.precision < REGION))
        | (by_region[stock.commune] & (stock.precision < FRANCE))
    )


@cache
def _places(name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which communes have a name, which lie in a département, in a region of that name."""
    wider = [tuple(normalised(n) for n in names_of(c.departement)) for c in communes()]
    return (
        np.array([normalised(c.name) == name for c in communes()]),
        np.array([departement == name for departement, _ in wider]),
        np.array([region == name for _, region in wider]),
    )


@cache
def _jobs_with(word: str) -> NDArray[np.bool_]:
    return np.array([word in normalised(job.label).split() for job in jobs()])


def _order(found: Stock, asked: dict[str, str]) -> NDArray[np.intp]:
    if asked.get("sort_by") == "date":
        order = np.arange(len(found))  # the stock is kept so
        return order[::-1] if asked.get("sort_dir") == "up" else order
    return np.argsort(found.bits("relevance"), kind="stable")


def _number(asked: dict[str, str], name: str, usual: int) -> int:
    text = asked.get(name)
    if text is None:
        return usual
    if not re.fullmatch(r"\d{1,6}", text):
        raise RefusedError(400, "UNSUPPORTED", f"{name} must be a number")
    return int(text)
