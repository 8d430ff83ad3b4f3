"""What becomes of offers that core holds and a run gives otherwise: replaced, put into the past, or left.

What lives here: the decision for each, and the writes. What does not: how a record is read
(``offers.load_records``), which states there are (``chain``).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct, field

from jobmarket.offers.counted import counted_by
from jobmarket.offers.history.chain import extended
from jobmarket.offers.history.late import Late
from jobmarket.offers.history.restored import erased_until, restore
from jobmarket.offers.history.store import read_chains, write_chains
from jobmarket.offers.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from jobmarket.offers.history.chain import Chain
    from jobmarket.offers.state import OfferState
    from jobmarket.offers.writer import Writer

_NEVER = datetime.min.replace(tzinfo=UTC)


class Replacement(Struct):
    """What became of some offers.

    :param late: those that turn out to have been observed earlier than was known.
    :param days: of creation, of those whose current state is another one now.
    :param counted_days: of these the days that must be counted anew.
    """

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    late: list[Late] = field(default_factory=list)
    days: set[date] = field(default_factory=set)
    counted_days: set[date] = field(default_factory=set)


def replace(writer: Writer, given: Mapping[str, OfferState]) -> Replacement:
    """Write the offers that are newer than what core holds and differ in a column; keep what they replace.

    :param given: by id; core holds each, in whatever state.
    """
    done = Replacement()
    stored = writer.stored([*given])
    chains = read_chains(writer, stored)
    unread = [offer_id for offer_id, held in stored.items() if held.lineage.rules_hash is None]
    erased = erased_until(writer, unread) if unread else {}
    replaced: dict[str, OfferState] = {}
    lengthened: list[tuple[Chain, Chain]] = []
    for offer_id, state in given.items():
        held, before = stored[offer_id], chains[offer_id]
        after = extended(before, state)
        is_same = held.rows == state.rows or held.lineage.content_hash == state.lineage.content_hash
        done.outcomes[offer_id] = Outcome.UNCHANGED if is_same else Outcome.STALE
        if after == before or state.lineage.observed_at < erased.get(offer_id, _NEVER):
            # only what is ignored differs (a contact, the order of fields), or nothing that another version
            # read: not worth a write; or a state that is known to have ended, or of before an erasing
            continue
        lengthened.append((before, after))
        observed_at, known_at = after[0].lineage.observed_at, before[0].lineage.observed_at
        if observed_at < known_at:
            done.late.append(Late(offer_id, observed_at, known_at))
        if after[-1] != held:
            done.outcomes[offer_id] = Outcome.UPDATED
            replaced[offer_id] = after[-1]
            days = {held.rows.offer.created_on, after[-1].rows.offer.created_on}
            done.days |= days
            if counted_by(held.rows) != counted_by(after[-1].rows):
                done.counted_days |= days
    if replaced:
        writer.replace((stored[offer_id], state) for offer_id, state in replaced.items())
    write_chains(writer, lengthened)
    if restored := erased.keys() & replaced.keys():
        restore(writer, restored)
    return done
