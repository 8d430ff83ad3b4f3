"""How far what was collected of a day may be trusted, and which run of a day stands for it. Pure.

What does not live here: the same of runs in the warehouse, which ``control.day_run`` tells, and the words for
it (``report.words.fr.standing``). A test holds both together.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from jobmarket.foundation.lake.manifest import MANIFEST_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobmarket.foundation.lake.manifest import Certificate, Manifest

Standing = Literal["certified", "uncertified", "with_gap", "sample", "refused"]
"""``certified``: the whole day is proved. ``uncertified``: no offer is known to be missing, but the day is
not proved. ``with_gap``: offers announced are missing. ``sample``: a trial run, which proves nothing.
``refused``: too many records broke the contract, so nothing was loaded."""

_WORST_FIRST: tuple[Standing, ...] = ("refused", "sample", "with_gap", "uncertified", "certified")


def standing_of(certificate: Certificate, *, is_sample: bool) -> Standing:
    """Return how far a run that was not refused may be trusted; a sample is said before a gap."""
    if is_sample:
        return "sample"
    if certificate.gap:
        return "with_gap"
    return "certified" if certificate.certified else "uncertified"


def worst_of(standings: Iterable[Standing]) -> Standing:
    """Return how far a whole may be trusted: no further than its worst part; certified if it has none."""
    return min(standings, key=_WORST_FIRST.index, default="certified")


def is_accounted(standing: Standing) -> bool:
    """Tell whether no offer is missing but those that the certificate counts as missing."""
    return standing in ("certified", "with_gap")


def is_by_older_rules(standing: Standing, certificate_version: int) -> bool:
    """Tell whether a day is certified by rules older than today's: it counts as certified, and says so."""
    return standing == "certified" and certificate_version < MANIFEST_VERSION


def manifest_for_day(manifests: Iterable[Manifest]) -> Manifest | None:
    """Return the manifest that stands for a day: a certified one before others, then the one read last.

    Two that ended at the same instant go by their run ids, the greater first. ``None`` if all are samples.
    """
    return max((one for one in manifests if not one.is_sample), key=_trust, default=None)


def _trust(manifest: Manifest) -> tuple[bool, datetime, str]:
    finished_at = datetime.fromisoformat(manifest.finished_at)
    return manifest.certificate.certified, finished_at, manifest.run_id
