"""The facts of a run, without a warehouse: what the tests of the page start from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from jobmarket.report.facts import RunFacts

from tests.loaded_day import THIS_RUN, certificate


def facts(**changes: Any) -> RunFacts:
    """Return the facts of a whole day of 40,000 offers, but for the changes.

    ``certificate`` takes the fields in which the certificate differs from a whole one.
    """
    proof = certificate(40_000, **changes.pop("certificate", {}))
    whole: dict[str, Any] = {
        "read_at": datetime(2026, 11, 19, 4, 8, tzinfo=UTC),
        "updated_at": datetime(2026, 11, 18, 22, 59, tzinfo=UTC),
        "is_sample": False,
        "rejected": 0,
        "offers": 40_000,
        "partner_offers": 30_000,
    }
    return RunFacts(certificate=proof, **THIS_RUN | whole | changes)
