"""Counts the distinct offers of a window. Pure."""

from __future__ import annotations


class Tally:
    """Distinct ids of a window: proved by a slice, or only met (``stray``)."""

    def __init__(self) -> None:
        self.proved: set[str] = set()
        self.stray: set[str] = set()

    def __contains__(self, offer_id: str) -> bool:
        return offer_id in self.proved or offer_id in self.stray

    def __len__(self) -> int:
        return len(self.proved) + len(self.stray)

    def add(self, proved: frozenset[str] | None, met: set[str]) -> None:
        """Count the ids of a slice."""
        if proved:
            self.proved |= proved
            self.stray -= proved
        self.stray.update(met - self.proved)
