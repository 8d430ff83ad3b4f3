"""The pages of one run while it is extracted: what earlier attempts have landed, and what this one lands.

What a landed page may still prove is for the source to say: it keeps the questions, this keeps the pages.
"""

from __future__ import annotations

import hashlib
import logging
from threading import Lock
from typing import TYPE_CHECKING

from jobmarket.foundation.lake.layout import page_key, page_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.foundation.lake.layout import Scope
    from jobmarket.foundation.lake.manifest import Page
    from jobmarket.foundation.lake.store import Lake

log = logging.getLogger(__name__)


class RunPages:
    """The pages of one run. Thread-safe.

    :param attempt_at: UTC instant at which this attempt started, ISO 8601 with ``Z``.
    :param is_sample: the run is told to stop early.
    """

    def __init__(
        self, lake: Lake, scope: Scope, run_id: str, attempt_at: str, *, is_sample: bool
    ) -> None:
        self._lake = lake
        self._scope = scope
        self._run_id = run_id
        self._is_sample = is_sample
        self._lock = Lock()
        self.attempt_at = attempt_at
        self.landed_before = lake.run_pages(scope, run_id)
        self._pages = list(self.landed_before)
        self._number = max((page_number(page.key) for page in self._pages), default=0)
        if self._pages:
            log.info(
                "Going on with run %s of %s: %d answers have landed",
                run_id,
                scope.prefix,
                len(self._pages),
            )

    def land(self, page_of: Callable[..., Page], body: bytes) -> None:
        """Write a body to the lake under the next free number.

        :param page_of: makes its page of what is known here: key, hash and length of the body, attempt.
        """
        sha256 = hashlib.sha256(body).hexdigest()
        while True:
            with self._lock:
                self._number += 1
                key = page_key(self._scope, self._run_id, self._number)
            page = page_of(key=key, sha256=sha256, body_bytes=len(body), attempt_at=self.attempt_at)
            # another attempt of the same run may still be alive: its pages stay, ours get other numbers
            if self._lake.put_page(page, body, is_sample=self._is_sample):
                break
        with self._lock:
            self._pages.append(page)

    def drop(self, page: Page) -> None:
        """Count a page, that is damaged in the lake, to the run no more."""
        with self._lock:
            self._pages.remove(page)

    def sorted(self) -> list[Page]:
        """Return the pages in the order of their keys."""
        with self._lock:
            return sorted(self._pages, key=lambda page: page.key)

    def started_at(self) -> str:
        """Return when the first attempt of the run started, UTC, ISO 8601 with ``Z``."""
        return min((page.attempt_at for page in self.sorted()), default=self.attempt_at)
