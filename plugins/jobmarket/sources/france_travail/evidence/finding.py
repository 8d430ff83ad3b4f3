"""What was assumed of the API, what was met, and what to change where the two differ. Pure."""

from __future__ import annotations

from typing import Literal, NamedTuple

Verdict = Literal["as assumed", "differs", "not seen"]

NOTHING = "nothing: each run finds it out by itself"
REPORT = "the client: report it with this file"


class Finding(NamedTuple):
    """One assumption.

    :param name: of the assumption; the same in every record.
    :param where: the setting to change where it differs: its name and place.
    """

    name: str
    assumed: str
    met: str
    verdict: Verdict
    where: str


def found(name: str, assumed: str, met: object, holds: bool | None, where: str = REPORT) -> Finding:
    """Return a finding.

    :param holds: whether what was met is what was assumed; None if the answers do not tell.
    """
    verdict: Verdict = "not seen" if holds is None else "as assumed" if holds else "differs"
    return Finding(name, assumed, str(met), verdict, where)
