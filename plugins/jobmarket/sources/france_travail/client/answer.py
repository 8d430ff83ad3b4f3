"""What one answer of the search endpoint says: its total, its offers' ids and creation times.

Pure. What lives here: reading and judging one body. What does not: asking for it (``client``), deciding
what to ask next (``partition``, ``day_plan``), interpreting an offer (``offer``).

Times are integer seconds of the API's own clock: Europe/Paris wall-clock time written with a false ``Z``,
counted as if it were UTC. No zone rule applies to them, so a window of them has no gap and no fold.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

import msgspec

from jobmarket.sources.france_travail.contract.records import cut_records, sighting


class Cap(NamedTuple):
    """What one query gives.

    :param page_size: offers that one answer may hold.
    :param last_start: highest first index that the API accepts in ``range``.
    """

    page_size: int
    last_start: int

    @property
    def reach(self) -> int:
        """Offers of one query that can ever be read."""
        return self.last_start + self.page_size


CAP = Cap(page_size=150, last_start=3000)
"""What France Travail gives of a query: 3,150 offers."""

Facets = dict[str, dict[str, int]]
"""``filtresPossibles``: name of the facet -> value -> offers of the whole query."""

WALL_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  a wall clock without a zone
"""Where wall-clock seconds begin."""

# `offres 0-149/649142`, `*/0`, `offres -1--1/353`, `offres */0 communes`
_CONTENT_RANGE = re.compile(r"^(?:offres )?(?:(-?\d{1,9})-(-?\d{1,9})|\*)/(\d{1,9})\b")


class UnusableAnswerError(ValueError):
    """An answer that must be asked again: nothing of it may be landed."""


class BrokenAnswerError(UnusableAnswerError):
    """An answer that must be asked again, and is landed if no better one comes.

    Its status and ``Content-Range`` are right, but its body does not hold the offers that they name, or they
    cannot be told apart.

    :param answer: with the offers that could be told apart.
    """

    def __init__(self, message: str, answer: Answer) -> None:
        super().__init__(message)
        self.answer = answer


class Sighting(NamedTuple):
    """An offer as met on a page.

    :param offer_id: its id, or a stand-in made from its bytes if it has none.
    :param created: wall-clock second of its ``dateCreation``; ``None`` if that cannot be read.
    """

    offer_id: str
    created: int | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One usable answer.

    :param query: the query string asked, ``range`` included.
    :param first: first index asked for.
    :param status: 200, 206 or 204.
    :param content_range: the header as far as it was read, ``""`` if there was none.
    :param announced: the total of the query; ``None`` where an empty answer says nothing about it.
    :param offers: the offers on the page, in its order.
    :param facets: fingerprint of ``filtresPossibles``, which count the whole result set by contract type,
        experience and more; ``""`` if there are none.
    :param counted: offers of the whole query, as the facets count them; 0 if there are none.
    :param is_broken: the body does not hold the offers that ``Content-Range`` names.
    :param body: exact bytes after HTTP content decoding.
    :param received_at: UTC, ISO 8601 with ``Z``.
    :param statuses: HTTP status of each request that it took, the last one included; 0 for no answer.
    :param is_generated: the source says that its offers are generated.
    """

    query: str
    first: int
    status: int
    content_range: str
    announced: int | None
    offers: tuple[Sighting, ...]
    body: bytes
    received_at: str
    statuses: tuple[int, ...]
    facets: str = ""
    counted: int = 0
    is_broken: bool = False
    is_generated: bool = False


class _Stub(msgspec.Struct):
    id: str
    dateCreation: str  # noqa: N815  the API's name


class _FacetCount(msgspec.Struct):
    valeurPossible: str  # noqa: N815  the API's name
    nbResultats: int  # noqa: N815  the API's name


class _Facet(msgspec.Struct):
    filtre: str
    agregation: list[_FacetCount]


class _Page(msgspec.Struct):
    resultats: list[_Stub]
    filtresPossibles: list[_Facet] = []  # noqa: N815  the API's name


_read_page = msgspec.json.Decoder(_Page).decode


def read_answer(
    query: str,
    first: int,
    *,
    status: int,
    content_range: str,
    body: bytes,
    received_at: str,
    statuses: tuple[int, ...],
    is_generated: bool = False,
) -> Answer:
    """Judge an answer with status 200, 206 or 204 and read what it says.

    Raise :class:`UnusableAnswerError` if the range is not the one asked, :class:`BrokenAnswerError` if the
    body does not hold exactly the offers that ``Content-Range`` names.
    """
    begin, end, total = _parse_content_range(content_range)
    said = f"Content-Range is {content_range!r}"  # whole: who tells it hides what it may hold, then cuts it
    met = _CONTENT_RANGE.match(content_range)
    content_range = met[0] if met else ""
    facets: Facets = {}
    problem = ""
    if status == 204:
        if body:
            raise UnusableAnswerError(f"status 204 with a body of {len(body)} bytes")
        if total and first < total:
            raise UnusableAnswerError(f"no offer at index {first}, {said}")
        # past the last hit some answers say `*/0`: only from index 0 does that mean "no offer"
        announced = total or (0 if first == 0 else None)
        offers: tuple[Sighting, ...] = ()
    else:
        if total is None or begin != first:
            raise UnusableAnswerError(f"range from {first} asked, {said}")
        offers, facets, problem = _read_offers(body)
        if not problem and len(offers) != end - begin + 1:
            problem = f"{len(offers)} offers in the body, {content_range!r}"
        announced = total
    answer = Answer(
        query=query,
        first=first,
        status=status,
        content_range=content_range,
        announced=announced,
        offers=offers,
        body=body,
        received_at=received_at,
        statuses=statuses,
        facets=_fingerprint(facets),
        # an offer has one value of a facet, or none: no facet counts more than there are (measured)
        counted=max((sum(values.values()) for values in facets.values()), default=0),
        is_broken=bool(problem),
        is_generated=is_generated,
    )
    if problem:
        raise BrokenAnswerError(problem, answer)
    return answer


def wall_second(text: str) -> int | None:
    """Read ``2026-11-18T02:31:25.123Z`` as a wall-clock second; ``None`` if it is none."""
    try:
        moment = datetime.fromisoformat(text[:19])
    except ValueError:
        return None
    return round((moment.replace(tzinfo=None) - WALL_EPOCH).total_seconds())


def wall_text(second: int) -> str:
    """Write a wall-clock second the way the date filter wants it: ``2026-11-18T02:31:25Z``."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day_start(day: date) -> int:
    """Return the wall-clock second at which a day starts; each day has 86,400 of them on this clock."""
    return (day - date(1970, 1, 1)).days * 86_400


def _parse_content_range(header: str) -> tuple[int, int, int | None]:
    met = _CONTENT_RANGE.match(header)
    if not met:
        return -1, -1, None
    begin, end, total = met.groups()
    return int(begin or -1), int(end or -1), int(total)


def _read_offers(body: bytes) -> tuple[tuple[Sighting, ...], Facets, str]:
    """Return the offers of a body, its facets, and what is wrong with it."""
    try:
        page = _read_page(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _read_odd_offers(body)
    facets = {
        facet.filtre: {count.valeurPossible: count.nbResultats for count in facet.agregation}
        for facet in page.filtresPossibles
    }
    offers = tuple(Sighting(stub.id, wall_second(stub.dateCreation)) for stub in page.resultats)
    return offers, facets, ""


def _read_odd_offers(body: bytes) -> tuple[tuple[Sighting, ...], Facets, str]:
    """Read a page of which something cannot be read: each of its offers is kept and counted all the same."""
    cut = cut_records(body)
    offers = []
    for record in cut.records:
        offer_id, created, _ = sighting(record)
        offers.append(Sighting(offer_id, wall_second(created) if created else None))
    problem = "" if cut.is_whole else "the records of the body cannot be told apart to its end"
    return tuple(offers), cut.facets or {}, problem


def _fingerprint(facets: Facets) -> str:
    if not facets:
        return ""
    # zero counts are left out by the API, and the order of the values is nowhere promised
    text = msgspec.json.encode(
        {name: {v: n for v, n in values.items() if n} for name, values in facets.items()},
        order="sorted",
    )
    return hashlib.sha256(text).hexdigest()[:16]
