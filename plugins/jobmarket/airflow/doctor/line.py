"""A check, the line that comes of it, and how lines are written for a terminal and a log. Pure.

What does not live here: what is looked at (``sources``, ``lake``, ``warehouse``, ``history``, ``clock``,
``platform``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from jobmarket.foundation.errors import JobMarketError
from jobmarket.foundation.known_secrets import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

State = Literal["green", "red", "not on a laptop", "not seen", "off"]
"""``not on a laptop``: it cannot hold on stand-ins. ``not seen``: it cannot be told from here, and why.
``off``: nobody asked for this part."""

LONGEST_UNKNOWN = 300
"""Characters of an error that is none of ours."""


class NotSeen(Exception):
    """A check that cannot tell, from where it runs."""


class Off(Exception):
    """A part that nobody has set up, and that nothing needs."""


class Line(NamedTuple):
    """What came of one check.

    :param part: of the place, such as ``bucket``.
    :param check: what was looked at.
    :param said: what was found; when red, what to do, too. Without any secret.
    """

    part: str
    check: str
    state: State
    said: str


class Check(NamedTuple):
    """One look at a part.

    :param look: returns what is good; raises :class:`JobMarketError` where it is not.
    :param is_gate: where it is not good, the further checks of its part are not made.
    :param is_excused: the part is a stand-in, which need not have this.
    """

    name: str
    look: Callable[[], str]
    is_gate: bool = False
    is_excused: bool = False


def lines_of(part: str, checks: Iterable[Check]) -> list[Line]:
    """Make the checks of a part in their order; return a line each.

    :param checks: may be made on the way: what a gate opens is there for those behind it.
    """
    lines: list[Line] = []
    closed = ""
    for check in checks:
        if closed:
            lines.append(Line(part, check.name, "not seen", f"look again when `{closed}` is green"))
            continue
        line = _line(part, check)
        lines.append(line)
        if check.is_gate and line.state != "green":
            if line.state == "off":
                break
            closed = check.name
    return lines


def _line(part: str, check: Check) -> Line:
    try:
        return Line(part, check.name, "green", redacted(check.look(), None))
    except Off as why:
        return Line(part, check.name, "off", redacted(why, None))
    except NotSeen as why:
        return Line(part, check.name, "not seen", redacted(why, None))
    except JobMarketError as error:
        state: State = "not on a laptop" if check.is_excused else "red"
        return Line(part, check.name, state, redacted(error, None))
    except Exception as error:
        said = (
            f"the check met an error that it does not know: {type(error).__name__}: "
            f"{redacted(error, LONGEST_UNKNOWN)}: it is an error of the project: report it"
        )
        return Line(part, check.name, "red", said)


_SIGNS: dict[State, str] = {
    "green": "✓",
    "red": "✗",
    "not on a laptop": "–",
    "not seen": "?",
    "off": "–",
}
_COLOURS: dict[State, str] = {"green": "\033[32m", "red": "\033[31m"}


def written(lines: Sequence[Line], *, is_coloured: bool = False) -> list[str]:
    """Return the lines as text, in columns."""
    part = max((len(line.part) for line in lines), default=0)
    check = max((len(line.check) for line in lines), default=0)
    found = []
    for line in lines:
        said = line.said if line.state in ("green", "red") else f"{line.state}: {line.said}"
        text = f"{_SIGNS[line.state]} {line.part:<{part}}  {line.check:<{check}}  {said}"
        colour = _COLOURS.get(line.state, "") if is_coloured else ""
        found.append(f"{colour}{text}\033[0m" if colour else text)
    return found


def summary(lines: Sequence[Line]) -> str:
    """Return how many lines are red, in one sentence."""
    red = sum(line.state == "red" for line in lines)
    return f"{red} of {len(lines)} lines are red" if red else f"none of {len(lines)} lines is red"
