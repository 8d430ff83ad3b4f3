"""A few threads that do jobs in the order of their urgency. Knows nothing of the jobs."""

from __future__ import annotations

import itertools
from queue import Empty, PriorityQueue, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Job = TypeVar("Job")
Result = TypeVar("Result")


class Workers(Generic[Job, Result]):
    """Threads that die with the process: a job in flight never keeps a killed task alive.

    :param count: threads.
    :param work: does a job; what it raises comes back in the place of a result.
    """

    def __init__(self, count: int, work: Callable[[Job], Result]) -> None:
        self._work = work
        self._order = itertools.count()
        self._jobs: PriorityQueue[tuple[bool, int, Job]] = PriorityQueue()
        self._done: SimpleQueue[tuple[Job, Result | BaseException]] = SimpleQueue()
        self._stopped = Event()
        for number in range(count):
            Thread(target=self._run, name=f"reader-{number}", daemon=True).start()

    def put(self, job: Job, *, is_urgent: bool) -> None:
        """Queue a job; urgent ones go first, else first come, first served."""
        self._jobs.put((not is_urgent, next(self._order), job))

    def take(self, timeout_s: float) -> tuple[Job, Result] | None:
        """Return a job that is done with its result, or ``None`` after this time; raise what it raised."""
        try:
            job, result = self._done.get(timeout=timeout_s)
        except Empty:
            return None
        if isinstance(result, BaseException):
            raise result
        return job, result

    def stop(self) -> None:
        """Start no further job. Does not wait for those in hand."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                _, _, job = self._jobs.get(timeout=0.5)
            except Empty:
                continue
            if self._stopped.is_set():
                return
            try:
                result: Result | BaseException = self._work(job)
            except BaseException as exc:
                result = exc
            self._done.put((job, result))
