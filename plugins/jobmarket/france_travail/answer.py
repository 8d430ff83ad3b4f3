"""What one answer of the search endpoint says: its total, its offers' ids and creation times.

Pure. What lives here: reading and judging one body. What does not: asking for it (``hook``), deciding
what to ask next (``partition``, ``plan``), interpreting an offer (``offer``).

Times are integer seconds of the API's own clock: Europe/Paris wall-clock time written with a false ``Z``,
counted as if it were UTC. No zone rule applies to them, so a window of them has no gap and no fold.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import msgspec

PAGE_SIZE = 150
"""Offers that one answer may hold."""

LAST_START = 3000
"""Highest first index that the API accepts in ``range``."""

REACH = LAST_START + PAGE_SIZE
"""Offers of one query that can ever be read: 3,150."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  a wall clock without a zone
# `offres 0-149/649142`, `*/0`, `offres -1--1/353`, `offres */0 communes`
_CONTENT_RANGE = re.compile(r"^(?:offres )?(?:(-?\d+)-(-?\d+)|\*)/(\d+)\b")


class UnusableAnswerError(ValueError):
    """An answer that must be asked again: nothing of it may be landed."""


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
    :param content_range: the header as received, ``""`` if there was none.
    :param announced: the total of the query; ``None`` where an empty answer says nothing about it.
    :param offers: the offers on the page, in its order.
    :param body: exact bytes after HTTP content decoding.
    :param received_at: UTC, ISO 8601 with ``Z``.
    :param statuses: HTTP status of each request that it took, the last one included; 0 for no answer.
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


class _Stub(msgspec.Struct):
    id: str
    dateCreation: str  # noqa: N815  the API's name


class _Page(msgspec.Struct):
    resultats: list[_Stub]


class _LoosePage(msgspec.Struct):
    resultats: list[msgspec.Raw]


_read_page = msgspec.json.Decoder(_Page).decode
_read_loose_page = msgspec.json.Decoder(_LoosePage).decode


def read_answer(
    query: str,
    first: int,
    *,
    status: int,
    content_range: str,
    body: bytes,
    received_at: str,
    statuses: tuple[int, ...],
) -> Answer:
    """Judge an answer with status 200, 206 or 204 and read what it says.

    Raise :class:`UnusableAnswerError` if the body is not the JSON of a search, or does not hold exactly
    the offers that ``Content-Range`` names, or the range is not the one asked.
    """
    begin, end, total = _parse_content_range(content_range)
    if status == 204:
        if body:
            raise UnusableAnswerError(f"status 204 with a body of {len(body)} bytes")
        if total and first < total:
            raise UnusableAnswerError(
                f"no offer at index {first}, Content-Range is {content_range[:60]!r}"
            )
        # past the last hit some answers say `*/0`: only from index 0 does that mean "no offer"
        announced = total or (0 if first == 0 else None)
        offers: tuple[Sighting, ...] = ()
    else:
        if total is None or begin != first:
            raise UnusableAnswerError(
                f"range from {first} asked, Content-Range is {content_range[:60]!r}"
            )
        offers = _read_offers(body)
        if len(offers) != end - begin + 1:
            raise UnusableAnswerError(f"{len(offers)} offers in the body, {content_range[:60]!r}")
        announced = total
    return Answer(
        query=query,
        first=first,
        status=status,
        content_range=content_range,
        announced=announced,
        offers=offers,
        body=body,
        received_at=received_at,
        statuses=statuses,
    )


def wall_second(text: str) -> int | None:
    """Read ``2026-11-18T02:31:25.123Z`` as a wall-clock second; ``None`` if it is none."""
    try:
        moment = datetime.fromisoformat(text[:19])
    except ValueError:
        return None
    return round((moment.replace(tzinfo=None) - _EPOCH).total_seconds())


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


def _read_offers(body: bytes) -> tuple[Sighting, ...]:
    try:
        page = _read_page(body)
    except msgspec.ValidationError:
        return _read_odd_offers(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise UnusableAnswerError(f"the body is no JSON: {exc}") from None
    return tuple(Sighting(stub.id, wall_second(stub.dateCreation)) for stub in page.resultats)


def _read_odd_offers(body: bytes) -> tuple[Sighting, ...]:
    """Read a page on which some offer has no readable id or date: it is kept and counted all the same."""
    try:
        raws = _read_loose_page(body).resultats
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise UnusableAnswerError(f"the body is not that of a search: {exc}") from None
    return tuple(_sighting_of(bytes(raw)) for raw in raws)


def _sighting_of(raw: bytes) -> Sighting:
    value: Any = msgspec.json.decode(raw)
    offer = value if isinstance(value, dict) else {}
    offer_id = offer.get("id")
    if not isinstance(offer_id, str):
        offer_id = f"without-id:{hashlib.sha256(raw).hexdigest()[:24]}"
    created = offer.get("dateCreation")
    return Sighting(offer_id, wall_second(created) if isinstance(created, str) else None)
