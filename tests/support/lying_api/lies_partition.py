"""Lies about what divides a day: origins, filters, référentiels; and silence where offers are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jobmarket.foundation.http.transport import Reply
from requests.structures import CaseInsensitiveDict

from tests.support.lying_api.api import Lie, Question
from tests.support.lying_api.world import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray  # the types of the columns are read at run time

HOUR_MS = 3_600_000


class OffersWithoutOrigin(Lie):
    """Some offers have no ``origineOffre``: no filter of it finds them."""

    kind = "A3"
    sizes: tuple[int, ...] = (1_200, 5_000)
    origin: str | None = None

    def prepare(self) -> None:
        for at in self.world.some(40):
            self.world.origin[at] = 0 if self.origin is None else int(self.origin)
            value = None if self.origin is None else {"origine": self.origin}
            self.world.rewrite(at, origineOffre=value)


class OffersOfANewOrigin(OffersWithoutOrigin):
    origin = "3"


class OneOfferWithoutOrigin(OffersWithoutOrigin):
    def prepare(self) -> None:
        at = int(self.world.some(1)[0])
        self.world.origin[at] = 0
        self.world.rewrite(at, origineOffre=None)


class MostOffersWithoutOrigin(OffersWithoutOrigin):
    """More than a query gives."""

    sizes = (8_000,)

    def prepare(self) -> None:
        for at in self.world.some(4_500):
            self.world.origin[at] = 0
            self.world.rewrite(at, origineOffre=None)


class _FilterLie(Lie):
    """A filter that answers wrongly."""

    kind = "A3"
    filter = "origineOffre"
    value = ""

    def matching(self, question: Question, name: str, wanted: list[str]) -> NDArray[np.bool_]:
        keep = super().matching(question, name, wanted)
        if name != self.filter or (self.value and self.value not in wanted):
            return keep
        return self.changed(keep)

    def changed(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.zeros_like(keep)


class PartnerFilterAnswersNothing(_FilterLie):
    value = "2"


class OwnOfferFilterAnswersNothing(_FilterLie):
    value = "1"


class BothOriginFiltersAnswerNothing(_FilterLie):
    pass


class PartnerFilterDropsSome(_FilterLie):
    value = "2"

    def prepare(self) -> None:
        self._dropped = self.world.some(50)

    def changed(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        keep[self._dropped] = False
        return keep


class PartnerFilterDropsOneFeed(_FilterLie):
    """All partner offers of half an hour are unknown to the filter."""

    value = "2"

    def changed(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        of_day = self.world.created % (24 * HOUR_MS)
        return keep & ~((of_day > 13 * HOUR_MS) & (of_day < 13.5 * HOUR_MS))


class OriginFilterIsIgnored(_FilterLie):
    def changed(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.ones_like(keep)


class OriginFiltersAreSwapped(_FilterLie):
    def changed(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return ~keep


class PartnerFilterGivesOwnOffers(_FilterLie):
    value = "2"

    def changed(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return ~keep


class _InBurst(_FilterLie):
    """The same for the filters that divide a second too full for one query."""

    sizes = (8_000,)
    burst = 3_900
    filter = "codeROME"


class RomeFilterAnswersNothing(_InBurst):
    pass


class RomeFilterIsIgnored(_InBurst):
    def changed(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.ones_like(keep)


class OffersWithoutRome(_InBurst):
    """Some offers of the second have no ROME code."""

    def prepare(self) -> None:
        for at in self.world.some(300):
            self.world.rome[at] = NONE
            self.world.rewrite(at, romeCode=None)


class RomeFilterDropsSome(_InBurst):
    def prepare(self) -> None:
        self._dropped = self.world.some(300)

    def changed(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        keep[self._dropped] = False
        return keep


class RomeReferentialIsShort(_InBurst):
    def changed(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return keep

    def referential(self, name: str, codes: list[str]) -> list[str]:
        return codes[: len(codes) * 2 // 3] if name == "metiers" else codes


class ReferentialsAreEmpty(_InBurst):
    def changed(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return keep

    def referential(self, name: str, codes: list[str]) -> list[str]:
        return []


class ReferentialHasOldCodes(_InBurst):
    """Codes that no offer has, and twice the same."""

    def changed(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return keep

    def referential(self, name: str, codes: list[str]) -> list[str]:
        return [*codes, *codes, "Z9999"] if name == "metiers" else codes


class ContractFilterAnswersNothing(_InBurst):
    """And the ROME filter drops some, so that contracts are needed."""

    filter = "typeContrat"

    def prepare(self) -> None:
        self._dropped = self.world.some(800)

    def matching(self, question: Question, name: str, wanted: list[str]) -> NDArray[np.bool_]:
        keep = super().matching(question, name, wanted)
        if name == "codeROME":
            keep[self._dropped] = False
        return keep


class ExperienceFilterDropsTheUnspecified(_InBurst):
    filter = "experience"
    value = "0"


class _Silence(Lie):
    """No offers where there are some.

    ``says`` is the ``Content-Range`` of that silence.
    """

    kind = "A4"
    sizes: tuple[int, ...] = (1_200, 5_000)
    says = "*/0"

    def is_silent(self, question: Question) -> bool:
        return True

    def reply(self, question: Question, reply: Reply) -> Reply:
        if not self.is_silent(question):
            return reply
        return Reply(204, CaseInsensitiveDict({"Content-Range": self.says} if self.says else {}))


class SilenceForAll(_Silence):
    pass


class SilenceForAllWithoutHeader(SilenceForAll):
    says = ""


class SilenceForPartners(_Silence):
    def is_silent(self, question: Question) -> bool:
        return question.origin == "2"


class SilenceForPartnersWithoutHeader(SilenceForPartners):
    says = ""


class SilenceForOwnOffers(_Silence):
    def is_silent(self, question: Question) -> bool:
        return question.origin == "1"


class SilenceWhenDivided(_Silence):
    """Every question with an origin is silent."""

    def is_silent(self, question: Question) -> bool:
        return bool(question.origin)


class SilenceForSmallWindows(_Silence):
    sizes = (5_000, 8_000)

    def is_silent(self, question: Question) -> bool:
        return question.high - question.low < 6 * HOUR_MS


class SilenceForLargeWindows(_Silence):
    def is_silent(self, question: Question) -> bool:
        return question.high - question.low > 20 * HOUR_MS


class SilenceForLargeWindowsWithoutHeader(SilenceForLargeWindows):
    says = ""


class SilenceAtNight(_Silence):
    """Windows that begin at night are silent."""

    def is_silent(self, question: Question) -> bool:
        return question.low % (24 * HOUR_MS) < 3 * HOUR_MS


class SilenceAboutAnHour(Lie):
    """Partner offers of an hour are in no answer with an origin."""

    kind = "A4"
    sizes = (1_200, 5_000)

    def shown(self, question: Question) -> NDArray[np.bool_]:
        keep = super().shown(question)
        if not question.origin:
            return keep
        of_day = self.world.created % (24 * HOUR_MS)
        return keep & ~((of_day > 14 * HOUR_MS) & (of_day < 15 * HOUR_MS))


class SilenceAtFirst(_Silence):
    def is_silent(self, question: Question) -> bool:
        return question.number <= 6


class SilenceAtLast(_Silence):
    def is_silent(self, question: Question) -> bool:
        return question.number > 15


class SilenceNowAndThen(_Silence):
    def is_silent(self, question: Question) -> bool:
        return question.number % 9 == 4


class SilenceNowAndThenWithoutHeader(SilenceNowAndThen):
    says = ""


class SilenceBehindThirtiethPage(_Silence):
    """No page from index 1,500 on, though the total says otherwise."""

    sizes = (5_000,)
    says = "*/0"

    def is_silent(self, question: Question) -> bool:
        return question.first >= 1_500


class SilenceInsteadOfTotals(_Silence):
    """Questions for a single offer are silent."""

    def is_silent(self, question: Question) -> bool:
        return question.last - question.first < 10


class SilenceWithOffersBesideIt(Lie):
    """Offers, and a ``Content-Range`` that says none."""

    kind = "A4"

    def reply(self, question: Question, reply: Reply) -> Reply:
        return Reply(reply.status, CaseInsensitiveDict({"Content-Range": "*/0"}), reply.body)


class AnEmptyListForPartners(_Silence):
    """Status 200 and an empty list."""

    def reply(self, question: Question, reply: Reply) -> Reply:
        if question.origin != "2":
            return reply
        body = b'{"resultats":[],"filtresPossibles":[]}'
        return Reply(200, CaseInsensitiveDict({"Content-Range": "offres */0"}), body)
