"""What became of each record of a load, counted: every record is one of these, and they add up."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import msgspec
from msgspec import Struct, field


class Outcome(IntEnum):
    """What a record did; of several records of one offer the highest stands for the offer."""

    REJECTED = 0
    STALE = 1
    UNCHANGED = 2
    UPDATED = 3
    INSERTED = 4


class LoadResult(Struct, kw_only=True):
    """The counts of one load: ``records`` is the sum of the others.

    :param records: on the pages of the run.
    :param inserted: offers of the day that core did not hold.
    :param updated: offers of the day whose rows were replaced.
    :param unchanged: offers of the day whose rows were already the same.
    :param stale: offers of the day that core already holds in a newer state.
    :param rejected: offers that break the contract, of which the run holds no valid record.
    :param duplicates: further records of an offer already met in the run.
    :param outside_day: records of offers created on another day.
    :param drift: fields and categories the contract does not know: path -> offers decoded with it.
    :param repairs: what was put right: kind -> offers decoded with it.
    :param seconds: wall time.
    """

    records: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    stale: int = 0
    rejected: int = 0
    duplicates: int = 0
    outside_day: int = 0
    drift: dict[str, int] = field(default_factory=dict)
    repairs: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def counts(self) -> dict[str, Any]:
        """Return all of it as plain values, fit for JSON."""
        counts: dict[str, Any] = msgspec.to_builtins(self)
        return counts


class Tally:
    """The counting of one load.

    :param result: where it counts.
    """

    def __init__(self, result: LoadResult) -> None:
        self.result = result
        self._by_outcome = dict.fromkeys(Outcome, 0)

    def settle(self, before: Outcome | None, outcome: Outcome) -> bool:
        """Count a record of an offer; return whether the offer's outcome is a new one.

        :param before: what earlier records of the offer in this run came to, if there were any.
        """
        if before is not None:
            self.result.duplicates += 1
            if outcome <= before:
                return False
            self._by_outcome[before] -= 1
        self._by_outcome[outcome] += 1
        return True

    def close(self) -> None:
        """Write the counts into the result."""
        for outcome, count in self._by_outcome.items():
            setattr(self.result, outcome.name.lower(), count)
