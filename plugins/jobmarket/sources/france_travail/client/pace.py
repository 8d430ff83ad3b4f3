"""Keep the full rate that the API allows, and no more. One object a client; used by many threads."""

from __future__ import annotations

import time
from threading import Event, Lock

from jobmarket.foundation.errors import SourceUnavailable

CREDIT = 4
"""Slots that may be made up for after a hiccup. The API's bucket holds ten tokens, so four do no harm."""


class Pace:
    """Gives out slots, evenly spaced.

    :param per_second: slots a second.
    """

    def __init__(self, per_second: float) -> None:
        self._spacing = 1 / per_second
        self._turn = Lock()
        self._next = 0.0
        self._paused_until = 0.0

    def wait(self, closed: Event) -> None:
        """Wait for a slot; raise :class:`SourceUnavailable` if the client is closed meanwhile."""
        with self._turn:  # one thread waits for the next slot, the others for their turn
            while (delay := max(self._next, self._paused_until) - time.monotonic()) > 0:
                if closed.wait(delay):
                    break
            require_open(closed)
            earliest = time.monotonic() - CREDIT * self._spacing
            self._next = max(self._next, earliest) + self._spacing

    def pause(self, seconds: float) -> None:
        """Give out no slot for some time."""
        self._paused_until = max(self._paused_until, time.monotonic() + seconds)


def require_open(closed: Event) -> None:
    """Raise :class:`SourceUnavailable` if the client was closed."""
    if closed.is_set():
        raise SourceUnavailable(
            "The client of the France Travail API was closed: the run is stopping."
        )
