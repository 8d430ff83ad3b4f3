"""The clock of this machine, against those of the servers that were asked.

Its days begin by it: a run at midnight in Paris takes the day that has just ended.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jobmarket.airflow.doctor.line import Check, NotSeen, lines_of
from jobmarket.foundation.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.airflow.doctor.line import Line

LARGEST_OFFSET_S = 60.0
"""S3 refuses a clock that is 15 minutes off; an offer of the last minute is nobody's loss."""

ZONE = "Europe/Paris"


def read_clock() -> datetime:
    """Return what time this machine has."""
    return datetime.now(UTC)


@dataclass
class _Asked:
    """One server, asked for its clock.

    :param told: what it said.
    """

    told: datetime | None = None


@dataclass
class Clocks:
    """By how many seconds each server that was asked is ahead of this machine, at least."""

    ahead_s: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def asking(self, server: str) -> Iterator[_Asked]:
        """Ask a server inside: what it tells lies between the two moments around it, to the second."""
        before = read_clock()
        asked = _Asked()
        yield asked
        if asked.told is None:
            return
        after = read_clock()
        early, late = (asked.told - before).total_seconds(), (asked.told - after).total_seconds()
        self.ahead_s[server] = 0.0 if late <= 1 and early >= -1 else min(early, late, key=abs)


def clock_lines(clocks: Clocks) -> list[Line]:
    """Return the lines of the clock; after those of the servers."""
    return lines_of(
        "clock", [Check("offset", lambda: _compared(clocks)), Check("time zone", _has_zone)]
    )


def _compared(clocks: Clocks) -> str:
    if not clocks.ahead_s:
        raise NotSeen("no server told its clock: look again when bucket or warehouse is green")
    off = {name: round(s) for name, s in clocks.ahead_s.items() if abs(s) > LARGEST_OFFSET_S}
    if len(off) == len(clocks.ahead_s):
        told = ", ".join(f"{name} is {seconds:+d} s ahead" for name, seconds in off.items())
        raise ConfigurationError(
            f"The clock of this machine is wrong ({told}): set it by NTP (`timedatectl set-ntp true`)."
        )
    if off:
        raise ConfigurationError(
            f"Of the servers asked only {', '.join(off)} has another time than this machine: set the "
            "clock of that server by NTP."
        )
    return f"within {LARGEST_OFFSET_S:.0f} s of {' and '.join(clocks.ahead_s)}"


def _has_zone() -> str:
    try:
        ZoneInfo(ZONE)
    except ZoneInfoNotFoundError:
        raise ConfigurationError(
            f"This machine knows no time zone {ZONE}: install the package tzdata of its system."
        ) from None
    return f"{ZONE} is known"
