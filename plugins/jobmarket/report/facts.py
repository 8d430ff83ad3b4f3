"""What a report says about its run, apart from the market: certificate, load, checks. Pure."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003  msgspec reads the annotations
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

from jobmarket.check import CheckResult  # noqa: TC001
from jobmarket.manifest import Certificate  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobmarket.manifest import SliceCertificate

Standing = Literal["certified", "sample", "gap", "uncertified"]


class RunFacts(Struct, frozen=True, kw_only=True):
    """The facts of the run that a report is about.

    :param read_at: the instant the last page was read, with a time zone.
    :param updated_at: the newest update that France Travail gives for an offer of the day;
        None on an empty day.
    :param is_sample: the run was told to stop early: it says nothing about the whole day.
    :param rejected: records of the run that break the contract.
    :param offers: rows of the day in ``core.job_offer``.
    :param partner_offers: those of them that came from partner sites.
    :param drift: unknown fields met, path -> how often.
    """

    source: str
    day: date
    run_id: str
    read_at: datetime
    updated_at: datetime | None
    is_sample: bool
    certificate: Certificate
    rejected: int
    offers: int
    partner_offers: int
    drift: dict[str, int] = field(default_factory=dict)
    checks: list[CheckResult] = field(default_factory=list)

    @property
    def standing(self) -> Standing:
        """Return how far the figures may be trusted; a sample is said before a gap."""
        if self.is_sample:
            return "sample"
        if self.certificate.gap:
            return "gap"
        return "certified" if self.certificate.certified else "uncertified"

    @property
    def slices_with_gap(self) -> Sequence[SliceCertificate]:
        """Return the slices that miss offers, the worst first."""
        missing = [part for part in self.certificate.slices if part.gap]
        return sorted(missing, key=lambda part: (-part.gap, part.query))
