"""What a report says about its runs, apart from the market: certificates, loads, checks. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime  # noqa: TC003  msgspec reads the annotations
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

from jobmarket.foundation.checks import CheckResult  # noqa: TC001
from jobmarket.foundation.lake.manifest import Certificate  # noqa: TC001
from jobmarket.foundation.lake.standing import Standing, is_by_older_rules, worst_of
from jobmarket.foundation.period import Period  # noqa: TC001
from jobmarket.sources.contract import Attribute  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobmarket.foundation.lake.manifest import SliceCertificate


class RunFacts(Struct, frozen=True, kw_only=True):
    """The facts of a run that a report is about.

    :param standing: how far the figures may be trusted.
    :param certificate_version: the rules by which the day was proved.
    :param read_at: the instant the last page was read, with a time zone.
    :param updated_at: the newest update that France Travail gives for an offer of the day;
        None on an empty day.
    :param is_sample: the run was told to stop early: it says nothing about the whole day.
    :param is_generated: offers of the day are those of the sandbox, which says so itself.
    :param rejected: records of the run that break the contract.
    :param offers: rows of the day in ``core.job_offer``.
    :param partner_offers: those of them that came from partner sites.
    :param drift: unknown fields met, path -> how often.
    """

    source: str
    day: date
    run_id: str
    standing: Standing
    certificate_version: int
    read_at: datetime
    updated_at: datetime | None
    is_sample: bool
    is_generated: bool = False
    certificate: Certificate
    rejected: int
    offers: int
    partner_offers: int
    drift: dict[str, int] = field(default_factory=dict)
    checks: list[CheckResult] = field(default_factory=list)

    @property
    def is_by_older_rules(self) -> bool:
        """Return whether the day is certified by rules older than today's."""
        return is_by_older_rules(self.standing, self.certificate_version)

    @property
    def slices_with_gap(self) -> Sequence[SliceCertificate]:
        """Return the slices that miss offers, the worst first."""
        missing = [part for part in self.certificate.slices if part.gap]
        return sorted(missing, key=lambda part: (-part.gap, part.query))


class Effort(Struct, frozen=True, kw_only=True):
    """What one task took for the runs that a report is about, all of them together.

    :param phase: ``extract``, ``load`` or ``check``.
    :param seconds: wall time, all attempts.
    :param source_calls: requests to the source; ``source_bytes`` of its answers.
    :param offers: collected (extract) or written (load).
    :param s3_cost_usd: estimate, as ``control.run_receipt`` has it; ``rds_cost_usd`` likewise.
    """

    phase: Literal["extract", "load", "check"]
    seconds: float
    source_calls: int
    source_bytes: int
    offers: int
    s3_cost_usd: float
    rds_cost_usd: float


class PeriodFacts(Struct, frozen=True, kw_only=True):
    """The facts of the day, the week or the month that a report is about.

    :param runs: of its days, in their order, at least one; a day that was not loaded has none.
    :param efforts: what it took, a task each; none if it is not known.
    :param never_stated: what no offer of the source says.
    """

    source: str
    period: Period
    runs: list[RunFacts]
    efforts: list[Effort] = field(default_factory=list)
    never_stated: frozenset[Attribute] = frozenset()

    @property
    def missing(self) -> list[date]:
        """Return the days of the period that were not loaded."""
        read = {run.day for run in self.runs}
        return [day for day in self.period.days if day not in read]

    @property
    def standing(self) -> Standing:
        """Return how far the figures may be trusted: no further than those of the worst day."""
        standings: set[Standing] = {run.standing for run in self.runs}
        return worst_of(standings | {"with_gap"} if self.missing else standings)

    @property
    def by_older_rules(self) -> list[date]:
        """Return the days that are certified by rules older than today's."""
        return [run.day for run in self.runs if run.is_by_older_rules]

    @property
    def is_generated(self) -> bool:
        """Return whether any day holds generated offers: then the whole says nothing of the market."""
        return any(run.is_generated for run in self.runs)

    @property
    def certified_days(self) -> int:
        """Return how many days are certified."""
        return sum(run.standing == "certified" for run in self.runs)

    @property
    def read_at(self) -> datetime:
        """Return the instant the last page of all was read."""
        return max(run.read_at for run in self.runs)

    @property
    def updated_at(self) -> datetime | None:
        """Return the newest update of an offer; None if there is no offer."""
        return max((run.updated_at for run in self.runs if run.updated_at), default=None)

    @property
    def offers(self) -> int:
        """Return the offers of all days."""
        return sum(run.offers for run in self.runs)

    @property
    def partner_offers(self) -> int:
        """Return those of them that came from partner sites."""
        return sum(run.partner_offers for run in self.runs)

    @property
    def rejected(self) -> int:
        """Return the records that break the contract."""
        return sum(run.rejected for run in self.runs)

    @property
    def drift(self) -> dict[str, int]:
        """Return the unknown fields met, path -> how often."""
        met: Counter[str] = Counter()
        for run in self.runs:
            met.update(run.drift)
        return dict(met)

    @property
    def checks(self) -> list[CheckResult]:
        """Return the checks of a day; a longer period has those of its days' own reports."""
        return self.runs[0].checks if self.period.kind == "day" else []

    @property
    def slices_with_gap(self) -> Sequence[SliceCertificate]:
        """Return the slices of all days that miss offers, the worst first."""
        missing = [part for run in self.runs for part in run.slices_with_gap]
        return sorted(missing, key=lambda part: (-part.gap, part.query))

    def certified_total(self, name: str) -> int:
        """Return the sum of a number of the certificates, such as ``announced``."""
        return sum(getattr(run.certificate, name) for run in self.runs)
