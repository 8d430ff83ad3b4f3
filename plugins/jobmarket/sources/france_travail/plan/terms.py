"""What is to be read, and how: all that differs between a day and the live stock. Pure."""

from __future__ import annotations

from dataclasses import dataclass

DAY_S = 86_400


@dataclass(frozen=True, kw_only=True)
class Terms:
    """A span of creation time, and how it is asked for.

    :param name: for messages: ``day``, ``stock``.
    :param start: first wall-clock second of the span.
    :param end: the second after it.
    :param overlap_s: seconds asked for on each side of it, too.
    :param lends_pages: the page by which a cut was chosen is lent to the slice above the cut: one question
        less a slice.
    :param piece: offers of a piece that is asked for as a whole to verify.
    :param look_share: one slice in so many is looked at again while replicas agree.
    :param may_shrink: what goes after it was read is not looked for: a slice that announces fewer offers
        than were read of it, and shows no other, is as it was read.
    :param patience: times that a piece may differ before slices that look as they were read are read anew.
    """

    name: str
    start: int
    end: int
    overlap_s: int
    lends_pages: bool = False
    piece: int = 2_600
    look_share: int = 1
    may_shrink: bool = False
    patience: int = 1
