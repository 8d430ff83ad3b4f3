"""The data lake: every S3 key, the manifest of a run and the certificate of a day.

What lives here: how raw pages, manifests and reports are named and written, and read back with their
checksum verified. What does not: what a page means (``france_travail``), who asks for it (``operators``).

The layout::

    raw/france_travail/offers/day=2026-11-18/run=<run id>/page-00001.json.zst   exact body, zstd level 3
                                                         /manifest.json         written last
    reports/france_travail/day=2026-11-18/index.html, figures/*.png, tables/*.csv

A page object is immutable and carries its own query, Content-Range, status and checksum as S3 metadata,
so that a run that was killed before its manifest can be continued from what has landed.
"""

from __future__ import annotations

from msgspec import Struct, field

MANIFEST_VERSION = 1


class Page(Struct, frozen=True, kw_only=True):
    """One answer of the search endpoint, as landed.

    :param key: S3 key of the object that holds the exact body received, zstd level 3.
    :param query: the query string asked, ``range`` included, parameters sorted, URL-encoded.
    :param status: HTTP status: 200, 206 or 204.
    :param content_range: the header as received, ``offres 0-149/649142``.
    :param announced: the total of that header; 0 for an empty answer.
    :param offers: offers in the body.
    :param sha256: of the body, hexadecimal.
    :param body_bytes: length of the body as received (after HTTP content decoding).
    :param received_at: UTC instant of the answer, ISO 8601 with ``Z``.
    """

    key: str
    query: str
    status: int
    content_range: str
    announced: int
    offers: int
    sha256: str
    body_bytes: int
    received_at: str


class SliceCertificate(Struct, frozen=True, kw_only=True):
    """What was announced and what was collected for one leaf query.

    :param query: the query of the slice, without ``range``.
    :param announced: the total that the proving read announced on each of its pages.
    :param announced_first: total on the first page ever read of the slice.
    :param announced_last: total on the last page read of the slice.
    :param collected: distinct offer ids read.
    :param gap: announced offers that were never read; 0 when the slice is proved.
    :param requests: requests made for it, retries included.
    :param retries: requests repeated because the answer was unusable.
    :param re_reads: pages asked again because the slice was not proved yet.
    """

    query: str
    announced: int
    announced_first: int
    announced_last: int
    collected: int
    gap: int
    requests: int
    retries: int
    re_reads: int


class Certificate(Struct, frozen=True, kw_only=True):
    """The completeness certificate of a day: ``announced == collected + gap``.

    :param certified: no slice has a gap, the slices cover the whole day, and the run is no sample.
    :param announced: offers created on the day that the API announced, overlaps between slices taken out.
    :param collected: distinct offers created on the day that were read.
    :param duplicates: offers read more than once (overlaps, split slices, re-reads).
    :param outside_day: offers read because slices overlap the day's ends, created on another day.
    :param gap: announced and never read.
    :param requests: HTTP requests to the search endpoint, retries included.
    :param bytes: length of all bodies landed.
    :param seconds: wall time of the extraction, all attempts together.
    :param statuses: how often each HTTP status was met, ``{"206": 267}``; ``"0"`` for no answer at all.
    :param filter_shift_s: measured shift of the API's creation-date filter against ``dateCreation``; 0 is none.
    :param slices: one entry a leaf query.
    """

    certified: bool
    announced: int
    collected: int
    duplicates: int
    outside_day: int
    gap: int
    requests: int
    retries: int
    re_reads: int
    bytes: int
    seconds: float
    statuses: dict[str, int]
    filter_shift_s: int
    slices: list[SliceCertificate]


class Manifest(Struct, frozen=True, kw_only=True):
    """Everything a run landed for a day, written after the last page.

    :param day: ``YYYY-MM-DD``, Europe/Paris.
    :param run_id: the ``run=`` part of the keys.
    :param started_at: UTC, ISO 8601 with ``Z``.
    :param finished_at: UTC, ISO 8601 with ``Z``.
    :param is_sample: the run was told to stop early (``max_pages``): it proves nothing.
    :param gap_allowed: the gap was accepted with ``allow_gap``.
    :param pages: in the order of their keys.
    """

    version: int = MANIFEST_VERSION
    source: str = "france_travail"
    day: str
    run_id: str
    started_at: str
    finished_at: str
    is_sample: bool = False
    gap_allowed: bool = False
    certificate: Certificate
    pages: list[Page] = field(default_factory=list)


def day_prefix(day: str) -> str:
    """Return the prefix of all runs of a day, ``YYYY-MM-DD``."""
    return f"raw/france_travail/offers/day={day}/"


def run_prefix(day: str, run_id: str) -> str:
    """Return the prefix of one run of a day."""
    return f"{day_prefix(day)}run={run_id}/"


def page_key(day: str, run_id: str, number: int) -> str:
    """Return the key of the page with this 1-based number."""
    return f"{run_prefix(day, run_id)}page-{number:05d}.json.zst"


def manifest_key(day: str, run_id: str) -> str:
    """Return the key of a run's manifest."""
    return f"{run_prefix(day, run_id)}manifest.json"


def report_prefix(day: str) -> str:
    """Return the prefix of a day's report."""
    return f"reports/france_travail/day={day}/"
