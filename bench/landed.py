"""Days as an extraction leaves them, without one: pages of offers, their certificate, their manifest.

What does not live here: the offers in them, which each measurement makes for itself.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from typing import TYPE_CHECKING

import zstandard
from jobmarket.foundation.lake.manifest import Certificate, Manifest, Page, SliceCertificate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

PAGE = 150
"""Offers of a page."""

RUN_ID = "bench"


def batched(records: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield the records of one page after another."""
    left = iter(records)
    while batch := list(itertools.islice(left, PAGE)):
        yield batch


def body_of(records: Sequence[bytes]) -> bytes:
    """Return the answer that holds these records."""
    return b'{"resultats":[' + b",".join(records) + b'],"filtresPossibles":[]}'


def page_of(
    key: str,
    body: bytes,
    *,
    offers: int,
    announced: int,
    at: str,
    query: str = "",
    is_generated: bool = False,
) -> Page:
    """Return what a manifest says of an answer that was received whole at an instant."""
    return Page(
        key=key,
        query=query,
        status=206,
        announced=announced,
        offers=offers,
        sha256=hashlib.sha256(body).hexdigest(),
        body_bytes=len(body),
        received_at=at,
        statuses=[206],
        attempt_at=at,
        is_generated=is_generated,
    )


def certificate(offers: int, pages: Sequence[Page] = ()) -> Certificate:
    """Return the certificate of a day of one slice, of which nothing is missing.

    :param pages: those of the day, if there are any.
    """
    requests = len(pages) or math.ceil(offers / PAGE)
    return Certificate(
        certified=True,
        announced=offers,
        collected=offers,
        gap=0,
        requests=requests,
        bytes=sum(page.body_bytes for page in pages),
        seconds=0.0,
        statuses={"206": requests},
        slices=[
            SliceCertificate(
                query="",
                announced=offers,
                announced_first=offers,
                announced_last=offers,
                collected=offers,
                gap=0,
                requests=requests,
                retries=0,
                re_reads=0,
            )
        ],
    )


def manifest(
    day: date, pages: list[Page], at: str, *, run_id: str = RUN_ID, is_generated: bool = False
) -> Manifest:
    """Return the manifest of a day, collected at an instant."""
    return Manifest(
        day=str(day),
        run_id=run_id,
        started_at=at,
        finished_at=at,
        is_generated=is_generated,
        certificate=certificate(sum(page.offers for page in pages), pages),
        pages=pages,
    )


def land(directory: Path, records: Iterable[bytes], at: str, *, announced: int = 0) -> list[Page]:
    """Write records as pages of a new directory, compressed as the lake holds them; return the pages."""
    directory.mkdir()
    pages: list[Page] = []
    for number, batch in enumerate(batched(records), start=1):
        body = body_of(batch)
        name = f"page-{number:05d}.json.zst"
        (directory / name).write_bytes(zstandard.compress(body, 3))
        pages.append(page_of(name, body, offers=len(batch), announced=announced, at=at))
    return pages


def read(directory: Path, pages: Iterable[Page]) -> Iterator[tuple[Page, bytes]]:
    """Yield pages that :func:`land` wrote with their bodies, one in memory."""
    for page in pages:
        yield page, zstandard.decompress((directory / page.key).read_bytes())
