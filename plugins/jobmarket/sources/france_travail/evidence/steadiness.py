"""What is assumed of the same question asked again and again: one state, nothing gone, no failure."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from jobmarket.sources.france_travail.evidence.finding import found
from jobmarket.sources.france_travail.evidence.inquiry import SLOW_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.sources.france_travail.evidence.finding import Finding
    from jobmarket.sources.france_travail.evidence.inquiry import Inquiry

ASKS = 6


def ask(api: Inquiry) -> Iterator[Finding]:
    """Ask for the total of the day several times, then look back at all answers."""
    totals = [api.search(**api.of_day(range="0-0")).total or 0 for _ in range(ASKS)]
    rises = any(later > earlier for earlier, later in pairwise(totals))
    falls = any(later < earlier for earlier, later in pairwise(totals))
    met = ", ".join(map(str, totals))
    yield found(
        "one state",
        "a day that is over has one total",
        met,
        not (rises and falls),
        "nothing: pages are asked for until seen in each state (docs/certificate.md); expect up to three "
        "times the requests, and `PATIENCE` in plan/budget.py",
    )
    yield found(
        "nothing goes",
        "no offer of a day that is over is withdrawn within minutes",
        met,
        rises or not falls,
        "nothing: what is withdrawn while a day is read is told in its certificate",
    )
    yield found(
        "nothing comes",
        "no offer of a day that is over comes late",
        met,
        falls or not rises,
        "a later start in the schedule: `cron` in dags/france_travail_daily.py",
    )
    told = ", ".join(f"{count} x {kind}" for kind, count in sorted(api.failures.items()))
    yield found(
        "failures",
        "every answer is one of the API",
        f"{told or 'none'} of {api.requests} requests",
        not api.failures,
        "nothing up to one in twenty; of 429 lower requests_per_second in the extra of the connection "
        f"{api.settings.conn_id}; else ATTEMPTS and BACKOFF_S in client/client.py",
    )
    yield found(
        "speed",
        f"an answer takes less than {SLOW_S:.0f} s",
        f"median {median(api.seconds):.1f} s, longest {max(api.seconds):.1f} s",
        max(api.seconds) < SLOW_S,
        "read_timeout_s and threads of FranceTravailClient in client/client.py",
    )
