"""Measures the extraction of a day: requests, wall time, memory: ``python -m bench.extraction``.

A sandbox of its own in another process, 300 ms of latency a request and ten requests a second, as the real
API allows; pages land in a SeaweedFS of its own. ``--hard`` adds two bursts over the cap, replicas out of
step and a fault every 20th request, and compares the ids landed with those the sandbox holds.
"""

from __future__ import annotations

import json
import math
from datetime import date

from jobmarket.sources.france_travail.client.answer import CAP
from jobmarket.sources.france_travail.plan.extraction import extract_day

from bench.collection import collect, parser_of
from bench.landed import RUN_ID

DAY = date(2026, 11, 18)
HARD = ["--replicas", "--fault-every", "20", "--burst", "09:00:00=4000", "--burst", "14:00:00=3600"]
HARD_REQUESTS = 674
"""Requests of the hard day of 40,000 offers before anything was asked again to verify it."""

RATE_SHARE_BOUND = 0.98
"""Of the full rate, from the first request to the last."""


def requests_bound(offers: int, *, is_hard: bool) -> int:
    """Return how many requests a day may take: its pages and 15 %, and 25; the hard one 1.3 x its old."""
    if is_hard:
        return math.floor(1.3 * HARD_REQUESTS)
    return math.floor(1.15 * math.ceil(offers / CAP.page_size) + 25)


def main() -> None:
    """Measure and print one JSON object."""
    parser = parser_of(__doc__, 40_000, "offers of the day")
    parser.add_argument("--hard", action="store_true", help="bursts, replicas, faults")
    given = parser.parse_args()
    collected = collect(
        given,
        ["--offers-per-day", str(given.offers), *(HARD if given.hard else [])],
        lambda client, lake: extract_day(client, lake, DAY, RUN_ID),
        truth=f"ids?day={DAY}",
        day=str(DAY),
    )
    manifest, stats = collected.run.result, collected.stats
    certificate = manifest.certificate
    figures = collected.figures(
        requests_bound=requests_bound(certificate.collected, is_hard=given.hard),
        rate_share=round(certificate.requests / given.rate / collected.run.wall_s, 3),
        rate_share_bound=None if given.hard else RATE_SHARE_BOUND,
        pages=len(manifest.pages),
        divisions=sum(part.is_division for part in certificate.slices),
        refused_for_rate=stats["rate_limited"],
        max_requests_in_one_second=stats["max_requests_in_one_second"],
    )
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
