"""What the verification of a day needs from its plan: what is held, and what can be read anew. Shapes only.

What does not live here: the plan itself (``plan``), what its pieces need from it (``desk``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jobmarket.sources.france_travail.plan.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.foundation.lake.manifest import SliceCertificate
    from jobmarket.sources.france_travail.plan.partition import Window
    from jobmarket.sources.france_travail.plan.shift import FilterShift
    from jobmarket.sources.france_travail.plan.slices import Slice
    from jobmarket.sources.france_travail.plan.terms import Terms


class DayView(Desk, Protocol):
    """A day that is read, as its verification sees it.

    :param terms: what is to be read, and how.
    :param span: its first second, and the second after it.
    :param whole: the seconds that were asked for.
    :param shift: of the date filter, as it was measured.
    """

    terms: Terms
    span: tuple[int, int]
    whole: Window
    shift: FilterShift

    def slices(self) -> Iterator[Slice]:
        """Return all slices that were read."""

    def offers(self) -> dict[str, int | None]:
        """Return the offers that are held now, id -> creation second."""

    def covered(self) -> tuple[int, int]:
        """Return the seconds of creation that were asked for, after the shift of the filter."""

    def certificates(self) -> list[SliceCertificate]:
        """Return what was announced and collected, slice by slice."""

    def extend(self) -> bool:
        """Read what the shift of the filter kept out of the day; tell whether it can be followed."""

    def read_unfiltered(self, window: Window) -> None:
        """Read a window as it is, beside what was read of it."""

    def read_replayed_again(self) -> bool:
        """Read anew what is held only because an earlier attempt read it; tell whether there is any."""
