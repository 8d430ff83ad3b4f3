"""What a run says about itself: its pages, the certificate of its day, its manifest.

Only shapes: what fills them is in ``sources``, what stores them in ``store``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct, field

ScopeKind = Literal["day", "stock", "search"]

MANIFEST_VERSION = 2
"""1: slices were compared with their own totals. 2: the day was verified by witnesses, too."""


def require_sound(manifest: Manifest) -> None:
    """Raise :class:`ValueError` if a manifest is of a later version, or contradicts itself."""
    certificate = manifest.certificate
    if not 1 <= manifest.version <= MANIFEST_VERSION:
        raise ValueError(
            f"its version is {manifest.version}, and {MANIFEST_VERSION} is the last known"
        )
    if certificate.announced != certificate.collected + certificate.gap:
        raise ValueError(
            f"its certificate announces {certificate.announced} offers, and collects {certificate.collected} "
            f"with a gap of {certificate.gap}"
        )
    if certificate.certified and (
        certificate.is_share or certificate.gap or certificate.doubts or manifest.is_sample
    ):
        raise ValueError(
            "its certificate is given though it has a gap, doubts, or is a sample's or a share's"
        )
    for instant in (manifest.started_at, manifest.finished_at):
        if datetime.fromisoformat(instant).tzinfo is None:
            raise ValueError(f"its instant {instant} has no time zone")
    if min(certificate.announced, certificate.collected, certificate.gap) < 0:
        raise ValueError("its certificate counts less than nothing")


class Page(Struct, frozen=True, kw_only=True):
    """One body as landed: an answer of an API, or a file.

    :param key: S3 key of the object that holds the exact body received, zstd level 3.
    :param query: what was asked: a query string, its parameters sorted and URL-encoded; of a file its
        address.
    :param status: HTTP status.
    :param content_range: the header as far as it was read, ``offres 0-149/649142``; empty if there is none.
    :param announced: the total that the answer states; 0 for an empty answer.
    :param offers: offers in the body.
    :param sha256: of the body, hexadecimal.
    :param body_bytes: length of the body as received (after HTTP content decoding).
    :param received_at: UTC instant of the answer, ISO 8601 with ``Z``.
    :param statuses: HTTP status of each request that the answer took, the last one included; 0 for none.
    :param attempt_at: UTC instant at which the attempt that landed it started, ISO 8601 with ``Z``.
    :param is_verifying: it was asked only to verify: it says what was true then, and proves nothing later.
    :param is_broken: its body does not hold the offers that its header names.
    :param is_generated: the source says that its offers are generated.
    """

    key: str
    query: str
    status: int
    content_range: str = ""
    announced: int
    offers: int
    sha256: str
    body_bytes: int
    received_at: str
    statuses: list[int]
    attempt_at: str
    is_verifying: bool = False
    is_broken: bool = False
    is_generated: bool = False


class SliceCertificate(Struct, frozen=True, kw_only=True):
    """What was announced and what was collected for one leaf query, or for a window divided among some.

    :param query: the query of the slice, without ``range``.
    :param is_division: the window was divided, and reconciled with its own total when its parts had
        been read. Its numbers hold those of its parts, but for ``gap``: that is what its parts do not
        explain.
    :param announced: the total that the proving read announced on each of its pages; of a division,
        the largest total announced at its end.
    :param announced_first: total on the first page ever read of the slice.
    :param announced_last: total on the last page read of the slice.
    :param collected: distinct offer ids read, those that vanished meanwhile included.
    :param gap: announced offers that cannot be shown to have been read; 0 only when the slice is proved.
    :param requests: requests made for it, retries included.
    :param retries: requests repeated because the answer was unusable.
    :param re_reads: pages asked again because the slice was not proved yet.
    """

    query: str
    is_division: bool = False
    announced: int
    announced_first: int
    announced_last: int
    collected: int
    gap: int
    requests: int
    retries: int
    re_reads: int


class Witness(Struct, frozen=True, kw_only=True):
    """A question that only verifies, and whether its answer is what was expected.

    :param kind: ``clock`` (an offer by its creation second), ``whole`` (a piece of the day, without filter,
        in another order), ``zero`` (the week around an empty day).
    :param query: without ``range``.
    :param expected: offers, from what was read.
    :param announced: offers; the largest total of several answers.
    """

    kind: str
    query: str
    expected: int
    announced: int
    agrees: bool


class Certificate(Struct, frozen=True, kw_only=True):
    """The completeness certificate of a day: ``announced == collected + gap``.

    :param certified: no slice has a gap, the slices cover the whole day, and the run is no sample.
    :param is_share: the source gives no more than a share (a budget of requests): never certified, and
        published without anybody allowing its gap.
    :param doubts: why it is not certified, one sentence each.
    :param announced: offers created on the day that the API announced, overlaps between slices taken out.
    :param collected: distinct offers created on the day that were read.
    :param duplicates: offers read more than once (overlaps, split slices, re-reads).
    :param outside_day: offers read because slices overlap the day's ends, created on another day.
    :param gap: announced and never read.
    :param requests: HTTP requests to the search endpoint, retries included.
    :param bytes: length of all bodies landed.
    :param seconds: wall time of the extraction, all attempts together.
    :param statuses: how often each HTTP status was met, ``{"206": 267}``; ``"0"``: no answer.
    :param filter_shift_s: measured shift of the date filter against ``dateCreation``; 0 is none.
    :param withdrawn: of those collected, read and no longer given at the end.
    :param undated: of those collected, without a creation date that can be read.
    :param misdated: offers whose creation date is not one that was asked for.
    :param broken_pages: keys of pages whose offers could not be told apart.
    :param witnesses: what was asked only to verify; none in a certificate of version 1.
    :param slices: one entry a leaf query, and one a division.
    """

    certified: bool
    is_share: bool = False
    doubts: list[str] = field(default_factory=list)
    announced: int
    collected: int
    duplicates: int = 0
    outside_day: int = 0
    gap: int
    requests: int
    retries: int = 0
    re_reads: int = 0
    bytes: int
    seconds: float
    statuses: dict[str, int]
    filter_shift_s: int = 0
    withdrawn: int = 0
    undated: int = 0
    misdated: int = 0
    broken_pages: list[str] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    slices: list[SliceCertificate]


class Manifest(Struct, frozen=True, kw_only=True):
    """Everything a run landed for a day, written after the last page.

    :param day: ``YYYY-MM-DD``, Europe/Paris; see ``layout.Scope``, for ``scope`` and ``search``, too.
    :param run_id: the ``run=`` part of the keys.
    :param started_at: UTC, ISO 8601 with ``Z``.
    :param finished_at: UTC, ISO 8601 with ``Z``.
    :param is_sample: the run was told to stop early (``max_pages``): it proves nothing.
    :param gap_allowed: the gap was accepted with ``allow_gap``.
    :param is_generated: any of its pages is: the day says nothing of the market.
    :param copied_at: UTC instant at which its pages were made a replay copy (``layout``), which holds no
        text of an offer, ISO 8601 with ``Z``; empty: they are as they were received.
    :param pages: in the order of their keys.
    """

    version: int = MANIFEST_VERSION
    source: str = "france_travail"
    day: str
    scope: ScopeKind = "day"
    search: str = ""
    run_id: str
    started_at: str
    finished_at: str
    is_sample: bool = False
    gap_allowed: bool = False
    is_generated: bool = False
    copied_at: str = ""
    certificate: Certificate
    pages: list[Page] = field(default_factory=list)
