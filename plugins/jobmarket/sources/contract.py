"""What a source of offers has to give, so that everything else of the project works for it.

What lives here: the shapes of a source and of what it is asked. What does not: which sources there are
(``registry``), how each does it (its folder), Airflow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import psycopg

    from jobmarket.foundation.lake.layout import Scope
    from jobmarket.foundation.lake.manifest import Manifest, ScopeKind
    from jobmarket.foundation.lake.store import Lake
    from jobmarket.offers.reading import Reader


Attribute = Literal["rome_code", "partners"]
"""What some source says of its offers and another never does."""


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


@dataclass(frozen=True, kw_only=True)
class Collecting:
    """One run of a source: what it is asked, and what it may use.

    :param client: what :attr:`Source.connect` gave; of a source with the scope ``stock`` it is a
        :class:`~jobmarket.sources.absences.DetailClient`, too.
    :param lake: where each body is landed as received.
    :param scope: the day, the live stock or the named search to collect.
    :param run_id: of the run to start, or of an open one to go on with.
    :param open_warehouse: for what has to be kept over runs, such as a budget of requests.
    :param max_pages: stop after this many answers: a sample, which proves nothing.
    :param allow_gap: write the manifest of a run that is not certified, too.
    """

    client: Any
    lake: Lake
    scope: Scope
    run_id: str
    open_warehouse: Callable[[], AbstractContextManager[psycopg.Connection[Any]]]
    max_pages: int | None = None
    allow_gap: bool = False


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source of offers.

    :param name: in the keys of the lake and in ``core.job_offer.source``; its DAG is ``<name>_daily``.
    :param label: for a person.
    :param conn_id: its connection, unless a task is told another.
    :param connection_help: what its connection holds, for who has to create it.
    :param connect: checks a connection, given with its id, and returns the client; raises
        :class:`~jobmarket.foundation.errors.ConfigurationError`.
    :param collect: lands what a run is asked for and returns its manifest. It was written to the lake if the
        run is certified, a sample, a share, or its gap is allowed; if not, the run stays open.
    :param reader: gives what reads its pages.
    :param scopes: kinds of scope that ``collect`` knows.
    :param settings: checks a connection, given with its id, and returns where it leads (``base_url``) and
        whether its secret leaves this machine unencrypted (``is_exposed``); asks nothing.
    :param greet: asks one small question with a client and returns what the answer says; None where each
        question is counted.
    :param consent_setting: the setting in the extra of its connection without which nothing of it is
        published: its terms ask for a written consent. Empty: none is needed.
    :param never_stated: what no offer of it says, so that nothing is written of it: ``rome_code``,
        ``partners``.
    """

    name: str
    label: str
    conn_id: str
    connection_help: str
    connect: Callable[..., Any]
    collect: Callable[[Collecting], Manifest]
    reader: Callable[[], Reader]
    settings: Callable[..., Any] | None = None
    greet: Callable[[Any], str] | None = None
    scopes: frozenset[ScopeKind] = frozenset({"day"})
    consent_setting: str = ""
    never_stated: frozenset[Attribute] = frozenset()
