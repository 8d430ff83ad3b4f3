"""What the sandbox was asked: the last requests, counts by status, the busiest second."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import Any

KEPT = 100_000


@dataclass(slots=True)
class Entry:
    """One request to the API; ``status`` is 0 while, or if, it got no answer."""

    path: str
    query: str
    at_monotonic_s: float
    status: int = 0


class Journal:
    """The last 100,000 requests to the API, and counts of all of them."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._by_status: Counter[str] = Counter()
        self._rate_limited = 0

    def note(self, path: str, query: str, at_monotonic_s: float) -> Entry:
        """Write a request down as it comes in."""
        entry = Entry(path, query, at_monotonic_s)
        self._entries.append(entry)
        return entry

    def answered(self, entry: Entry, status: int, *, is_over_rate: bool = False) -> None:
        """Write down how a request was answered.

        :param status: of the answer, 0 for none.
        :param is_over_rate: it is a 429 because the client was too fast, not one made up as a fault.
        """
        entry.status = status
        self._by_status[str(status)] += 1
        self._rate_limited += is_over_rate

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._by_status.clear()
        self._rate_limited = 0

    def entries(self) -> list[dict[str, Any]]:
        """Return the requests kept, oldest first, JSON-ready."""
        return [
            {
                "path": e.path,
                "query": e.query,
                "status": e.status,
                "at_monotonic_s": e.at_monotonic_s,
            }
            for e in self._entries
        ]

    def stats(self) -> dict[str, Any]:
        """Return counts of requests by status, of real 429s, and the most requests in any second."""
        return {
            "requests": sum(self._by_status.values()),
            "by_status": dict(sorted(self._by_status.items())),
            "rate_limited": self._rate_limited,
            "max_requests_in_one_second": _busiest(sorted(e.at_monotonic_s for e in self._entries)),
        }


def _busiest(times: list[float]) -> int:
    most = start = 0
    for end, at in enumerate(times):
        while at - times[start] >= 1.0:
            start += 1
        most = max(most, end - start + 1)
    return most
