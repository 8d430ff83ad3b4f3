"""The states that an offer was in, in their order, and the versions they make. Pure.

What lives here: which states of an offer were ever its current one, and since when each held. What does not:
whether two of them mean the same (``meaning``), where they are kept (``store``).

An offer's chain follows from the *set* of the states that runs have observed, so it is the same in whatever
order their pages are loaded: a state is what the offer says with the date of its update; it counts once, from
its first observation; and it was never the current one if a state of a later update had been observed before
it (a replica that lags). That can be asked state by state: what is left out by a chain stays out of each
longer one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from jobmarket.offers.history.erased import without_erased
from jobmarket.offers.history.meaning import difference
from jobmarket.offers.state import OfferState, precedence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jobmarket.offers.history.meaning import Difference

Chain = tuple[OfferState, ...]


class Ended(Struct, frozen=True):
    """A state that is no longer the current one.

    :param ended: how the state after it differs.
    :param valid_from: of the version that the state is the last one of.
    :param valid_to: when the state after it began to hold.
    """

    state: OfferState
    following: OfferState
    ended: Difference
    valid_from: datetime
    valid_to: datetime


def extended(chain: Sequence[OfferState], state: OfferState) -> Chain:
    """Return a chain with one more observation.

    :param chain: in its order; may be empty.
    """
    states = list(chain)
    for at, held in enumerate(states):
        if held.lineage.content_hash == state.lineage.content_hash or held.rows == state.rows:
            states[at] = _merged(held, state)
            break
    else:
        states.append(state)
    return _frontier(states)


def ended_states(chain: Chain) -> list[Ended]:
    """Return all states of a chain but its current one, with how and when each ended.

    :param chain: not empty.
    """
    ended = []
    holds_from = version_from = chain[0].rows.offer.created_at
    for state, following in pairwise(chain):
        before, after = precedence(state)[0], precedence(following)[0]
        began = after if after > before else following.lineage.observed_at
        holds_to = max(holds_from, began)
        how = _difference(state, following)
        ended.append(Ended(state, following, how, version_from, holds_to))
        if how.kind == "changed":
            version_from = holds_to
        holds_from = holds_to
    return ended


def _difference(state: OfferState, following: OfferState) -> Difference:
    # a row that was erased is compared without what was erased
    is_erased = state.lineage.rules_hash is None
    return difference(state.rows, without_erased(following.rows) if is_erased else following.rows)


def _merged(held: OfferState, state: OfferState) -> OfferState:
    """Return one state of two observations: first seen by the earlier, read by today's rules."""
    lineage = min(held.lineage, state.lineage, key=lambda one: one.observed_at)
    if held.rows == state.rows:
        return OfferState(held.rows, lineage)
    return OfferState(state.rows, structs.replace(lineage, rules_hash=state.lineage.rules_hash))


def _frontier(states: Iterable[OfferState]) -> Chain:
    """Return the states that were current at some time, in their order."""
    by_update = sorted(states, key=precedence, reverse=True)
    kept: list[OfferState] = []
    earliest_of_later = datetime.max.replace(tzinfo=UTC)
    for _, of_update in groupby(by_update, key=lambda state: precedence(state)[0]):
        same = [*of_update]
        kept += [state for state in same if state.lineage.observed_at < earliest_of_later]
        earliest_of_later = min(earliest_of_later, *(one.lineage.observed_at for one in same))
    return tuple(reversed(kept))
