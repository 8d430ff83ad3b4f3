"""One question to the search endpoint, as text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlencode

if TYPE_CHECKING:
    from collections.abc import Sequence


class Request(NamedTuple):
    """One question to the search endpoint.

    :param query: the parameters of a window, without ``range``.
    :param first: first index asked for.
    :param last: last index asked for, inclusive.
    :param is_urgent: other questions depend on the answer: ask it before the pages.
    :param is_fresh: the answer must be of this attempt: what an earlier one landed says nothing of now.
    """

    query: str
    first: int
    last: int
    is_urgent: bool = False
    is_fresh: bool = False

    @property
    def text(self) -> str:
        """The whole query string, parameters sorted."""
        return query_text([*parse_qsl(self.query), ("range", f"{self.first}-{self.last}")])


def query_text(parameters: Sequence[tuple[str, str]]) -> str:
    """Return a query string with its parameters sorted.

    Commas and colons stay as they are: 200 ROME codes must fit the 2 kB of an S3 object's metadata.
    """
    return urlencode(sorted(parameters), safe=",:")


def without_range(text: str) -> str:
    """Return the query that a question for a page of it (:attr:`Request.text`) asks."""
    return query_text([(name, value) for name, value in parse_qsl(text) if name != "range"])
