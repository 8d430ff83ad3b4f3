"""What a run is called, in the lake and in the warehouse, and whether its day may be published. Pure."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

from jobmarket.foundation.errors import IncompleteDay
from jobmarket.foundation.period import day_period

if TYPE_CHECKING:
    from datetime import datetime

    from jobmarket.foundation.lake.manifest import Manifest
    from jobmarket.foundation.period import Period

# An error names the first slices with a gap; the certificate names all.
NAMED_SLICES = 3


def new_run_id(dag_run_id: str, now: datetime) -> str:
    """Return the ``run=`` part of the keys of a new run: sorts by time, names no user."""
    return f"{now:%Y%m%dT%H%M%SZ}-{hashlib.sha256(dag_run_id.encode()).hexdigest()[:8]}"


def key_of_run(manifest: Manifest) -> dict[str, Any]:
    """Return what names a run in the warehouse: source, day and run id."""
    return {
        "source": manifest.source,
        "day": date.fromisoformat(manifest.day),
        "run_id": manifest.run_id,
    }


def period_of_manifest(manifest: Manifest) -> Period:
    """Return the day that a manifest is about."""
    return day_period(date.fromisoformat(manifest.day))


def require_publishable(manifest: Manifest, source_label: str) -> None:
    """Raise :class:`IncompleteDay`, naming the slices, unless the day may be published.

    It may if it is certified, its gap is allowed, or nobody could take it for the whole: a sample, and the
    share of a source that gives no more.
    """
    certificate = manifest.certificate
    is_no_whole = manifest.is_sample or certificate.is_share
    if certificate.certified or is_no_whole or manifest.gap_allowed:
        return
    gaps = [
        f"{part.gap} of {part.announced} in {part.query}" for part in certificate.slices if part.gap
    ]
    named = "; ".join(gaps[:NAMED_SLICES]) or "no slice has a gap"
    more = f" and {len(gaps) - NAMED_SLICES} slices more" if len(gaps) > NAMED_SLICES else ""
    is_stock = manifest.scope == "stock"
    what, again = ("The stock of", "sweep") if is_stock else ("Day", "day")
    raise IncompleteDay(
        f"{what} {manifest.day} is not certified: {certificate.gap} of {certificate.announced} offers "
        f"announced were not given by {source_label} after the re-reads ({named}{more}). "
        f"{' '.join(certificate.doubts)} What has landed is kept: run the {again} again to ask for "
        f"the rest only, or set allow_gap to publish it as it is, marked so."
    )
