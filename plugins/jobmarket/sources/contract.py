"""What a source of offers has to give, so that everything else of the project works for it.

What lives here: the shapes of a source and of what it is asked. What does not: which sources there are
(``registry``), how each does it (its folder), Airflow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.offers.reading import Reader


class Connection(Protocol):
    """How to reach a source: the fields of an Airflow connection."""

    host: str | None
    port: int | None
    schema: str | None
    login: str | None
    password: str | None

    @property
    def extra_dejson(self) -> dict[str, Any]:
        """Return the extra, decoded."""


@dataclass(frozen=True)
class Source:
    """A source of offers.

    :param name: in the keys of the lake and in ``core.job_offer.source``.
    :param label: for a person.
    :param conn_id: its connection, unless a task is told another.
    :param connection_help: what its connection holds, for who has to create it.
    :param connect: checks a connection, given with its id, and returns the client; raises
        :class:`~jobmarket.foundation.errors.ConfigurationError`.
    :param reader: gives what reads its pages.
    """

    name: str
    label: str
    conn_id: str
    connection_help: str
    connect: Callable[..., Any]
    reader: Callable[[], Reader]
