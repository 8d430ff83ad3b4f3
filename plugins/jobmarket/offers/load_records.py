"""The records of one load: landed pages -> rows of core.

What lives here: the order of the work and every decision about a record: unchanged, new, newer, stale,
duplicate, of another day, or broken. What does not: the transaction of a run, and what happens where two meet
(``load``), SQL (``writer``), reading a record (the
``reading.Reader`` of its source), what its columns say beyond that (``conclude``), how states that ended are
kept (``history``).

Each batch of pages goes the same way. The id of a record is found by a look at its first bytes, and its
bytes are hashed; core is asked which of the batch it holds. What has the same hash, and was read by what
reads offers today (``version``), is unchanged and not even decoded. The rest is read by the reader, concluded
from (``conclude``), and goes by COPY straight into the final tables. Where core holds an offer in another
state, the newer one wins: the later update (if ``rows`` believes it), then the later first observation, then
the greater hash; the other goes to the history. So the rows, current and past, do not depend on which run is
loaded first, or beside which (``history.chain``). A record that is read again in a run is a duplicate.

A row that another version wrote is also left as it is where today's reads the same: the run then notes that
it has been compared as a whole, so that its next load reads none of it. That holds until another load changes
rows of the day.

Limits: where the content of an offer changes without its date of update, two runs are told apart by
the instant each state was *first* observed, so that one which comes back without a new date stays in the
history; pages are expected in the order they were received.
"""

from __future__ import annotations

import time
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from jobmarket.offers.batches import LandedRecord, batches
from jobmarket.offers.conclude import conclude
from jobmarket.offers.history.late import Late, last_sweep_at, note_absences
from jobmarket.offers.history.replacement import replace
from jobmarket.offers.outcome import LoadResult, Outcome, Tally
from jobmarket.offers.reading import ContractBreach, Notes, Record
from jobmarket.offers.rejections import Rejections
from jobmarket.offers.replay_copy import CopyReader, digest_of
from jobmarket.offers.schema import Lineage
from jobmarket.offers.state import OfferState
from jobmarket.offers.version import current_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jobmarket.foundation.lake.manifest import Manifest, Page
    from jobmarket.offers.reading import Reader
    from jobmarket.offers.schema import OfferRows
    from jobmarket.offers.writer import Known, Writer

# Offers whose texts are searched for technologies at once. One by one a load takes a tenth more CPU;
# more of them no longer fit into the processor's cache.
GROUP_OFFERS = 100


class Load:
    """One load at work: its counts, and the records it rejects.

    :param day: on which the offers of the run were created; None for a run that holds offers of any day.
    """

    def __init__(self, manifest: Manifest, reader: Reader, day: date | None) -> None:
        self._manifest = manifest
        self._copy = CopyReader() if manifest.copied_at else None
        self._reader: Reader = self._copy or reader
        self.day = day
        self._late: list[Late] = []
        self.result = LoadResult()
        # an offer whose creation was dated anew leaves the day that it stood under
        self._changed_days: set[date] = set()
        self._days_to_count: set[date] = set()
        self._started = time.monotonic()
        self._notes = Notes(self.result.drift, self.result.repairs)
        self._tally = Tally(self.result)
        name = f"day {day}" if day else f"the sweep of {manifest.day}"
        self.rejections = Rejections(manifest, name, self._reader.contract, self.result)

    def run(
        self,
        writer: Writer,
        pages: Iterable[tuple[Page, bytes]],
        see: Callable[[Iterable[str]], None] | None = None,
    ) -> None:
        """Load all pages, batch by batch.

        :param see: gets the ids of each batch.
        """
        self._writer = writer
        self.rules_hash = current_version(writer, self._reader)
        self._is_run_read = writer.is_run_read(self._manifest, self.rules_hash)
        self._last_sweep_at = last_sweep_at(writer)
        try:
            for batch in batches(self._landed_records(pages)):
                if see:
                    see(batch)
                self._load(batch)
            if self._late:
                note_absences(writer, self._late)
            self._count()
        finally:
            self._tally.close()
            self.result.seconds = round(time.monotonic() - self._started, 3)

    def _count(self) -> None:
        """Count the days anew whose offers have changed; of a sweep only those that were counted before."""
        writer, own_day = self._writer, {self.day} if self.day else set()
        writer.take_days(self._changed_days - own_day)
        if writer.has_written:
            writer.forget_runs_read(sorted(self._changed_days | own_day), self.rules_hash)
        if self.day is None:
            days = [day for day in sorted(self._days_to_count) if writer.is_day_counted(day)]
        elif writer.has_written or not writer.is_day_counted(self.day):
            days = sorted(self._changed_days | own_day)
        else:
            return
        for day in days:
            writer.count_day(day)

    def _landed_records(self, pages: Iterable[tuple[Page, bytes]]) -> Iterator[LandedRecord]:
        """Yield the records that have an id, page by page; reject the others.

        What follows the break of a broken page counts as one record.
        """
        for page, body in pages:
            records, is_whole, unknown = self._reader.cut(body)
            for name in unknown:
                self._notes.note_drift(name)
            self.result.records += len(records)
            for position, raw in enumerate(records):
                record = bytes(raw)
                offer_id = self._reader.identify(record)
                if offer_id is None:
                    self._reject_nameless(
                        page, position, "Expected an `id` of 1 to 20 letters and digits"
                    )
                else:
                    digest = self._copy.digest(record) if self._copy else digest_of(record)
                    yield LandedRecord(page, position, offer_id, record, digest)
            if not is_whole:
                self.result.records += 1
                self._reject_nameless(
                    page,
                    len(records),
                    "Expected an answer of the search endpoint, got a body of which nothing from here on "
                    "can be told apart",
                )

    def _load(self, batch: dict[str, LandedRecord]) -> None:
        known = self._writer.known(batch, self.rules_hash)
        outcomes: dict[str, Outcome] = {}
        new, changed = [], []
        for offer_id, landed in batch.items():
            held = known.get(offer_id)
            if held is None:
                new.append(landed)
            elif self._is_to_compare(held, landed):
                changed.append(landed)
            elif self.day is None or held.is_of_day:
                outcomes[offer_id] = Outcome.UNCHANGED
            else:
                self.result.outside_day += 1
        if new:
            self._writer.write(self._inserted(new, outcomes))
        if changed:
            self._change(changed, outcomes)
        self._settle(outcomes, {key for key, held in known.items() if held.is_of_this_load})

    def _is_to_compare(self, held: Known, landed: LandedRecord) -> bool:
        """Tell whether an offer that core holds must be read; a sweep leaves other versions to a replay."""
        if self._copy and held.is_of_rules is not None:
            return False  # the row was read in full: a copy knows less
        if held.content_hash != landed.content_hash:
            return True
        if held.observed_at > _instant(landed.page.received_at):
            return True  # a run that is loaded late
        if held.is_of_rules is None:
            return not self._is_run_read  # perhaps erased
        return self.day is not None and not (held.is_of_rules or self._is_run_read)

    def _inserted(
        self, landed_records: list[LandedRecord], outcomes: dict[str, Outcome]
    ) -> Iterator[OfferState]:
        for landed, rows in self._read(landed_records, outcomes):
            outcomes[landed.offer_id] = Outcome.INSERTED
            lineage = self._lineage(landed)
            if self._last_sweep_at and lineage.observed_at < self._last_sweep_at:
                self._late.append(Late(landed.offer_id, lineage.observed_at, None))
            if self.day is None:
                self._changed_days.add(rows.offer.created_on)
                self._days_to_count.add(rows.offer.created_on)
            yield OfferState(rows, lineage)

    def _change(self, landed_records: list[LandedRecord], outcomes: dict[str, Outcome]) -> None:
        """Replace the offers that are newer than what core holds and differ from it in a column."""
        given = {
            landed.offer_id: OfferState(rows, self._lineage(landed))
            for landed, rows in self._read(landed_records, outcomes)
        }
        done = replace(self._writer, given)
        outcomes.update(done.outcomes)
        self._late += done.late
        self._changed_days |= done.days
        self._days_to_count |= done.counted_days

    def _read(
        self, landed_records: list[LandedRecord], outcomes: dict[str, Outcome]
    ) -> Iterator[tuple[LandedRecord, OfferRows]]:
        """Read records; yield those to be written, the outcome of the others noted."""
        for first in range(0, len(landed_records), GROUP_OFFERS):
            group = landed_records[first : first + GROUP_OFFERS]
            records = [
                Record(one.offer_id, one.record, _instant(one.page.received_at)) for one in group
            ]
            of_day = []
            for landed, rows in zip(group, self._reader.read(records, self._notes), strict=True):
                if isinstance(rows, ContractBreach):
                    self._note_breach(landed, outcomes, rows)
                elif self.day is None or rows.offer.created_on == self.day:
                    of_day.append((landed, rows))
                else:
                    self.result.outside_day += 1
            if not self._copy:
                conclude([rows for _, rows in of_day], self._notes)
            yield from of_day

    def _note_breach(
        self, landed: LandedRecord, outcomes: dict[str, Outcome], breach: ContractBreach
    ) -> None:
        stated = self._reader.stated_day(landed.record)
        if self.day and stated not in (None, str(self.day)):
            self.result.outside_day += 1  # the load of its own day will judge it
        else:
            self.rejections.reject(landed.page, landed.position, landed.offer_id, str(breach))
            outcomes[landed.offer_id] = Outcome.REJECTED

    def _lineage(self, landed: LandedRecord) -> Lineage:
        received_at = _instant(landed.page.received_at)
        return Lineage(
            observed_at=received_at,
            content_hash=landed.content_hash,
            run_id=self._manifest.run_id,
            # a row that nobody has read: it is read anew if the source gives the offer again
            rules_hash=None if self._copy else self.rules_hash,
        )

    def _settle(self, outcomes: dict[str, Outcome], written: set[str]) -> None:
        """Count the outcomes of a batch, and keep them for further records of the same offers.

        :param written: offers of the batch that an earlier batch of this load wrote.
        """
        met = self._writer.outcomes_before(outcomes)
        changed: dict[tuple[bool, Outcome], list[str]] = {}
        for offer_id, outcome in outcomes.items():
            before = Outcome.INSERTED if offer_id in written else met.get(offer_id)
            if self._tally.settle(before, outcome) and outcome < Outcome.UPDATED:
                changed.setdefault((before is None, outcome), []).append(offer_id)
        for (is_first, outcome), offer_ids in changed.items():
            self._writer.remember(outcome, offer_ids, is_first=is_first)

    def _reject_nameless(self, page: Page, position: int, reason: str) -> None:
        self.rejections.reject(page, position, None, reason)
        self._tally.settle(None, Outcome.REJECTED)


@lru_cache(maxsize=64)
def _instant(received_at: str) -> datetime:
    return datetime.fromisoformat(received_at)
