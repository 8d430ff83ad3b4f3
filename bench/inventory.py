"""Measures a sweep of the live stock: requests, wall time, memory: ``python -m bench.inventory``.

A sandbox of its own in another process, whose offers close after 13 days on average, so that its stock lies
over three months; pages land in a SeaweedFS of its own. The ids landed are compared with those that are live.
"""

from __future__ import annotations

import json
import math
from datetime import date

from jobmarket.sources.france_travail.client.answer import CAP
from jobmarket.sources.france_travail.plan.extraction import extract_stock

from bench.collection import collect, parser_of
from bench.landed import RUN_ID

NOW = "2026-11-19T03:00:00"
MEAN_LIFE_DAYS = 13
WEEK_SHARE = (5 + 2 * 0.45) / 7
"""Offers of the mean day of a week, as a part of a weekday's."""

REQUESTS_SHARE = 1.08
"""Of the fewest requests that could give so many offers."""

PEAK_MB = 400


def offers_per_day(stock: int) -> int:
    """Return how many offers a weekday must have for a stock of about this size."""
    return round(stock / MEAN_LIFE_DAYS / WEEK_SHARE)


def main() -> None:
    """Measure and print one JSON object."""
    given = parser_of(__doc__, 50_000, "about so many are live").parse_args()
    options = ["--offers-per-day", str(offers_per_day(given.offers)), "--today", NOW]
    options += ["--mean-life-days", str(MEAN_LIFE_DAYS)]
    today = date.fromisoformat(NOW[:10])
    collected = collect(
        given,
        options,
        lambda client, lake: extract_stock(client, lake, today, RUN_ID),
        truth="live",
    )
    certificate = collected.run.result.certificate
    fewest = math.ceil(certificate.collected / CAP.page_size)
    figures = collected.figures(
        fewest_requests=fewest,
        share=round(certificate.requests / fewest, 4),
        share_bound=REQUESTS_SHARE,
        requests_per_s=round(certificate.requests / collected.run.wall_s, 2),
        peak_mb_bound=PEAK_MB,
    )
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
