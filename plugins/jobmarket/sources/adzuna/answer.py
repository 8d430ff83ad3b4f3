"""What one answer of Adzuna says: how many ads its listing has, and which stand on its page. Pure.

What lives here: reading and judging one body. What does not: asking for it (``client``), what an ad says
beyond its id and its date (``ad``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, Raw, Struct

from jobmarket.sources.adzuna.question import PAGE_SIZE, Question


class UnusableAnswerError(ValueError):
    """An answer that must be asked again: nothing of it may be landed."""


class Sighting(NamedTuple):
    """An ad as met on a page.

    :param ad_id: its id, or a stand-in made from its bytes if it has none.
    :param created: instant of its ``created``; ``None`` if that cannot be read.
    """

    ad_id: str
    created: datetime | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One usable answer.

    :param count: ads that the listing has, as announced.
    :param ads: on the page, in its order.
    :param body: as received, but for the account's id and key.
    :param received_at: UTC, ISO 8601 with ``Z``.
    :param statuses: HTTP status of each request that it took, the last one included; 0 for no answer.
    :param is_generated: the source says that its ads are generated.
    """

    question: Question
    count: int
    ads: tuple[Sighting, ...]
    body: bytes
    received_at: str
    statuses: tuple[int, ...] = (200,)
    is_generated: bool = False


class _Page(Struct):
    count: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    results: Annotated[list[Raw], Meta(max_length=10_000)] | None = None
    exception: str | None = None
    display: str | None = None


class _Stub(Struct):
    id: str | int
    created: str = ""


_page = msgspec.json.Decoder(_Page)
_stub = msgspec.json.Decoder(_Stub)


def read_answer(
    question: Question,
    body: bytes,
    *,
    received_at: str,
    statuses: tuple[int, ...] = (200,),
    is_generated: bool = False,
) -> Answer:
    """Judge an answer with status 200 and read what it says.

    Raise :class:`UnusableAnswerError` if it is none: an exception in spite of its status, no count, no
    list, more ads than were asked.
    """
    try:
        page = _page.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as exc:
        raise UnusableAnswerError(f"the body is no answer ({type(exc).__name__})") from None
    if page.exception:
        raise UnusableAnswerError(f"{page.exception}: {page.display or 'no words'}")
    if page.count is None or page.results is None:
        raise UnusableAnswerError("the body has no count or no results")
    if len(page.results) > PAGE_SIZE:
        raise UnusableAnswerError(f"{len(page.results)} ads where {PAGE_SIZE} were asked")
    return Answer(
        question=question,
        count=page.count,
        ads=tuple(_sighting(bytes(record)) for record in page.results),
        body=body,
        received_at=received_at,
        statuses=statuses,
        is_generated=is_generated,
    )


def _sighting(record: bytes) -> Sighting:
    try:
        stub = _stub.decode(record)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Sighting(f"without-id:{hashlib.sha256(record).hexdigest()[:24]}", None)
    return Sighting(str(stub.id), instant(stub.created))


def instant(text: str) -> datetime | None:
    """Read ``2026-11-18T06:12:44Z``; ``None`` if it is no instant with its zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
