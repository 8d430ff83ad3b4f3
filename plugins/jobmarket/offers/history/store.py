"""How the states of an offer that ended are kept: whole where its meaning ended, else by what was replaced.

What lives here: SQL and COPY of ``core.job_offer_version`` and ``core.job_offer_restatement``. What does not:
which states there are (``chain``), what a difference is worth (``meaning``).

In order of time a load adds rows and touches none. A run that is loaded late may change what a state was
followed by: then the rows of that offer are written anew.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import convert
from msgspec.structs import asdict, astuple
from psycopg import sql
from psycopg.rows import dict_row

from jobmarket.foundation.paths import SQL
from jobmarket.offers.history.chain import ended_states
from jobmarket.offers.schema import RESTATEMENT, VERSION, JobOffer, Lineage, OfferRows, Restatement
from jobmarket.offers.state import OfferState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobmarket.offers.history.chain import Chain, Ended
    from jobmarket.offers.writer import Writer

DIRECTORY = SQL / "history"


# The columns are those of the schema, as in the writer's own.
_SELECT_VERSIONS = sql.SQL(
    "select {} from core.{} "
    "where source = %(source)s and offer_id = any(string_to_array(%(offer_ids)s, ','))"
).format(sql.SQL(", ").join(map(sql.Identifier, VERSION.columns)), sql.Identifier(VERSION.name))


@cache
def statement(name: str) -> bytes:
    """Return the text of a file of ``include/sql/history``."""
    return (DIRECTORY / f"{name}.sql").read_bytes()


def read_chains(writer: Writer, current: Mapping[str, OfferState]) -> dict[str, Chain]:
    """Return the whole chains of some offers.

    :param current: their states in ``core.job_offer``, by id.
    """
    parameters = {"source": writer.source, "offer_ids": ",".join(current)}
    whole: dict[str, list[OfferState]] = {offer_id: [state] for offer_id, state in current.items()}
    noted: dict[str, list[tuple[Lineage, dict[str, Any]]]] = {}
    with writer.connection.cursor(binary=True, row_factory=dict_row) as cursor:
        for row in cursor.execute(_SELECT_VERSIONS, parameters, prepare=False):
            offer = convert(row, JobOffer)
            rows = convert({**row["parts"], "offer": offer}, OfferRows)
            whole[offer.offer_id].append(OfferState(rows, convert(row, Lineage)))
        for row in cursor.execute(statement("select_restatement"), parameters, prepare=False):
            noted.setdefault(row["offer_id"], []).append((convert(row, Lineage), row["replaced"]))
    return {offer_id: _chain(states, noted.get(offer_id, [])) for offer_id, states in whole.items()}


def write_chains(writer: Writer, changed: Iterable[tuple[Chain, Chain]]) -> None:
    """Keep the states that ended.

    :param changed: each chain as it is kept, and as it is to be.
    """
    added: list[Ended] = []
    rewritten: list[str] = []
    for before, after in changed:
        kept, wanted = ended_states(before), ended_states(after)
        if kept == wanted[: len(kept)]:
            added += wanted[len(kept) :]
        else:
            rewritten.append(after[-1].rows.offer.offer_id)
            added += wanted
    if rewritten:
        parameters = {"source": writer.source, "offer_ids": ",".join(rewritten)}
        for name in ("delete_version", "delete_restatement"):
            writer.connection.execute(statement(name), parameters, prepare=False)
    versions = [_version_row(one) for one in added if one.ended.kind == "changed"]
    restatements = [_restatement_row(one) for one in added if one.ended.kind != "changed"]
    if versions:
        writer.copy(VERSION, versions)
    if restatements:
        writer.copy(RESTATEMENT, restatements)


def _chain(whole: list[OfferState], noted: list[tuple[Lineage, dict[str, Any]]]) -> Chain:
    """Put states into their order, those that are noted made of the ones after them."""
    by_order: list[tuple[Lineage, OfferState | dict[str, Any]]] = [
        *((state.lineage, state) for state in whole),
        *noted,
    ]
    by_order.sort(key=lambda one: (one[0].observed_at, one[0].content_hash))
    states: list[OfferState] = []
    for lineage, kept in reversed(by_order):
        if isinstance(kept, OfferState):
            states.append(kept)
        else:
            flat = _flat(states[-1].rows) | kept
            lists = {name: flat.pop(name) for name in _LISTS}
            states.append(OfferState(convert({"offer": flat, **lists}, OfferRows), lineage))
    return tuple(reversed(states))


_LISTS = tuple(name for name in OfferRows.__struct_fields__ if name != "offer")


def _flat(rows: OfferRows) -> dict[str, Any]:
    """Return all columns and lists of an offer by their names, as JSON has them."""
    plain: dict[str, Any] = msgspec.to_builtins(rows)
    offer: dict[str, Any] = plain.pop("offer")
    return offer | plain


def _version_row(one: Ended) -> tuple[Any, ...]:
    rows = one.state.rows
    lists = {name: msgspec.to_builtins(items) for name in _LISTS if (items := getattr(rows, name))}
    return (
        *astuple(rows.offer),
        *astuple(one.state.lineage),
        one.valid_from,
        one.valid_to,
        one.following.lineage.run_id,
        one.ended.fields,
        lists,
    )


def _restatement_row(one: Ended) -> tuple[Any, ...]:
    this, following = _flat(one.state.rows), _flat(one.following.rows)
    offer = one.state.rows.offer
    return astuple(
        Restatement(
            offer.source,
            offer.offer_id,
            **asdict(one.state.lineage),
            ended_at=one.valid_to,
            restatement_kind=one.ended.kind,
            replaced={name: value for name, value in this.items() if value != following[name]},
        )
    )
