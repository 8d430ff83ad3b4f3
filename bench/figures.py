"""What a measurement says: seconds, memory, a Markdown table of them.

What does not live here: what a server costs (``load``, ``wal``).
"""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

T = TypeVar("T")


class Timed(NamedTuple, Generic[T]):
    """What a call gave, and what it took.

    :param wall_s: seconds by the clock.
    :param cpu_s: seconds of CPU of this process, all its threads.
    """

    result: T
    wall_s: float
    cpu_s: float


def timed(act: Callable[[], T]) -> Timed[T]:
    """Call, and tell how long it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = act()
    return Timed(result, time.perf_counter() - wall, time.process_time() - cpu)


def peak_mb() -> float:
    """Return the most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as Markdown."""
    lines = [["", *line] for line in (header, *rows)]
    texts = [" ".join(f"{cell} |" if cell else "|" for cell in line) for line in lines]
    texts.insert(1, "|" + "---|" * len(header))
    return "\n".join(texts)


def measured(rows: Iterable[tuple[str, str]]) -> str:
    """Return a table of what was measured and how much it was."""
    return table(("", "measured"), rows)
