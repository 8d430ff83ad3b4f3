"""The records of a run that break the contract: kept, and bounded.

What does not live here: which records break it (the reader of the source), where rejections are written
(``ledger``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobmarket.foundation.errors import SourceContractError

if TYPE_CHECKING:
    from jobmarket.foundation.lake.manifest import Manifest, Page
    from jobmarket.offers.outcome import LoadResult

# Bound on broken records. Of 4,893 real offers none breaks the contract: a hundredth of a day means
# that the source has changed, and the contract must follow before anything is published. Small runs
# may have a few. Raise neither to let a day through: correct the contract.
MAX_REJECTED_SHARE = 0.01
MIN_REJECTED_ALLOWED = 20
REASONS_TOLD = 3


class Rejection(NamedTuple):
    """A record that breaks the contract, by its place in the lake.

    :param position: in the page, from 0.
    """

    page_key: str
    position: int
    offer_id: str | None
    reason: str


class Rejections:
    """What a load has rejected so far.

    :param manifest: of the run; a hundredth of its offers may be rejected, or a few of a small run.
    :param name: of what is loaded, as a sentence has it.
    :param contract: file that says what a record must be.
    :param result: counts of the load, which the sentence tells of.
    """

    def __init__(self, manifest: Manifest, name: str, contract: str, result: LoadResult) -> None:
        self.found: list[Rejection] = []
        self._name = f"{name} (run {manifest.run_id})"
        self._contract = contract
        self._result = result
        offers = sum(page.offers for page in manifest.pages)
        self._allowed = max(MIN_REJECTED_ALLOWED, int(offers * MAX_REJECTED_SHARE))

    def reject(self, page: Page, position: int, offer_id: str | None, reason: str) -> None:
        """Keep a record that breaks the contract.

        Raise :class:`SourceContractError` if it is one too many.
        """
        self.found.append(Rejection(page.key, position, offer_id, reason))
        if len(self.found) > self._allowed:
            reasons = list(dict.fromkeys(rejection.reason for rejection in self.found))
            raise SourceContractError(
                f"{len(self.found)} of the first {self._result.records} records of {self._name} break the "
                f"contract, more than the {self._allowed} allowed, so nothing was published: see "
                f"control.rejected_record, correct the contract ({self._contract}) and run the task again, "
                f"or, once the source has corrected them, the day with force. "
                f"Reasons: {'; '.join(reasons[:REASONS_TOLD])}."
            )
