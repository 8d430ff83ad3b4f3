"""Lies about totals: ceilings, caches, wrong counts, facets that say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.lying_api.api import Lie, Question

if TYPE_CHECKING:
    import numpy as np
    from jobmarket.foundation.http.transport import Reply
    from numpy.typing import NDArray  # the types of the columns are read at run time


class _Ceiling(Lie):
    """Totals end at a ceiling; the pages behind it are there."""

    kind = "A5"
    sizes: tuple[int, ...] = (5_000, 8_000)
    limit = 0

    def total(self, question: Question, total: int) -> int:
        return min(total, self.limit)


class Ceiling3150(_Ceiling):
    limit = 3_150


class Ceiling3000(_Ceiling):
    limit = 3_000


class Ceiling1150(_Ceiling):
    limit = 1_150


class Ceiling1000(_Ceiling):
    limit = 1_000


class Ceiling2500(_Ceiling):
    limit = 2_500


class Ceiling2777(_Ceiling):
    limit = 2_777


class Ceiling10000(_Ceiling):
    sizes = (20_000,)
    limit = 10_000


class _CutOff(_Ceiling):
    """There is nothing behind the ceiling."""

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        return super().page(question, rows[: self.limit])


class CutOffAt3150(_CutOff):
    limit = 3_150


class CutOffAt3000(_CutOff):
    limit = 3_000


class CutOffAt1150(_CutOff):
    limit = 1_150


class CutOffAt1000(_CutOff):
    limit = 1_000


class CutOffAt2777(_CutOff):
    limit = 2_777


class CutOffAt150(_CutOff):
    sizes = (1_200,)
    limit = 150


class _CutOffFacets(_CutOff):
    """The facets count what is before the ceiling."""

    def facets(
        self, question: Question, facets: dict[str, dict[str, int]]
    ) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for name, counts in facets.items():
            left = self.limit
            found[name] = {}
            for code, count in counts.items():
                found[name][code] = min(count, left)
                left -= found[name][code]
        return found


class CutOffAt3150WithFacets(_CutOffFacets):
    limit = 3_150


class CutOffAt3000WithFacets(_CutOffFacets):
    limit = 3_000


class CutOffAt1000WithFacets(_CutOffFacets):
    limit = 1_000


class CutOffAt2777WithFacets(_CutOffFacets):
    limit = 2_777


class CutOffRounded(_CutOff):
    """Totals are rounded down to hundreds, and nothing is behind."""

    def total(self, question: Question, total: int) -> int:
        return total // 100 * 100 if total > 1_000 else total

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        kept = self.total(question, len(rows))
        return rows[:kept][question.first : question.last + 1]


class CeilingWithoutOrigin3000(_Ceiling):
    """Only what is asked for without an origin ends at the ceiling."""

    limit = 3_000

    def total(self, question: Question, total: int) -> int:
        return total if question.origin else min(total, self.limit)


class CutOffForPartnersOnly(_CutOff):
    limit = 2_000

    def total(self, question: Question, total: int) -> int:
        return min(total, self.limit) if question.origin == "2" else total

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        kept = rows[: self.limit] if question.origin == "2" else rows
        return kept[question.first : question.last + 1]


class CutOffNowAndThen(_CutOff):
    """Every third search ends at 1,000."""

    limit = 1_000

    def total(self, question: Question, total: int) -> int:
        return total if question.number % 3 else min(total, self.limit)

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        return rows[: self.total(question, len(rows))][question.first : question.last + 1]


class TotalOfOnePage(_Ceiling):
    """Totals end with the page."""

    def total(self, question: Question, total: int) -> int:
        return min(total, question.last + 1)


class _WrongTotal(Lie):
    kind = "A5"
    sizes = (1_200, 5_000)

    def wrong(self, question: Question, total: int) -> float:
        raise NotImplementedError

    def total(self, question: Question, total: int) -> int:
        return max(0, round(self.wrong(question, total))) if total else 0


class TotalOneTooMany(_WrongTotal):
    def wrong(self, question: Question, total: int) -> float:
        return total + 1


class TotalOneTooFew(_WrongTotal):
    def wrong(self, question: Question, total: int) -> float:
        return total - 1


class TotalTenTooMany(_WrongTotal):
    def wrong(self, question: Question, total: int) -> float:
        return total + 10


class TotalTenTooFew(_WrongTotal):
    def wrong(self, question: Question, total: int) -> float:
        return total - 10


class TotalAHundredthTooMany(_WrongTotal):
    def wrong(self, question: Question, total: int) -> float:
        return total * 1.01


class TotalAHundredthTooFew(_WrongTotal):
    def wrong(self, question: Question, total: int) -> float:
        return total * 0.99


class TotalTooFewAndThatIsAll(_WrongTotal):
    """The last hundredth of every query is neither counted nor given."""

    def wrong(self, question: Question, total: int) -> float:
        return total * 0.99

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        return super().page(question, rows[: self.total(question, len(rows))])


class TotalByChance(_WrongTotal):
    def wrong(self, question: Question, total: int) -> float:
        return total + int(self.rng.integers(-5, 6))


class TotalGrows(_WrongTotal):
    def wrong(self, question: Question, total: int) -> float:
        return total + question.number


class TotalShrinks(_WrongTotal):
    def wrong(self, question: Question, total: int) -> float:
        return total - question.number


class TotalOfZeroAtTheEnd(_WrongTotal):
    """Questions for a single offer announce one."""

    def wrong(self, question: Question, total: int) -> float:
        return 1 if question.last - question.first < 10 else total


class TotalCounted(Lie):
    """Totals are cached by query at first sight while offers come."""

    kind = "A7"
    seen_by = 12
    life = 10_000

    def prepare(self) -> None:
        chosen = self.rng.permutation(self.world.some(60))
        self.world.arrives[chosen[:30]] = self.world.leaves[chosen[30:]] = 12
        self._kept: dict[str, tuple[int, int]] = {}

    def total(self, question: Question, total: int) -> int:
        when, kept = self._kept.get(question.query, (-(10**9), 0))
        if question.number - when > self.life:
            self._kept[question.query] = question.number, total
            return total
        return kept


class TotalCountedForAWhile(TotalCounted):
    life = 25


class TotalCountedBeforeArrivals(TotalCounted):
    def prepare(self) -> None:
        self.world.arrives[self.world.some(30)] = 12
        self._kept = {}


class PagesKept(Lie):
    """Whole answers are cached by address while offers come and go."""

    kind = "A7"
    seen_by = 12
    life = 10_000

    def prepare(self) -> None:
        chosen = self.rng.permutation(self.world.some(60))
        self.world.arrives[chosen[:30]] = self.world.leaves[chosen[30:]] = 12
        self._kept: dict[str, tuple[int, Reply]] = {}

    def reply(self, question: Question, reply: Reply) -> Reply:
        address = str(sorted(question.asked.items()))
        when, kept = self._kept.get(address, (-(10**9), reply))
        if question.number - when > self.life:
            self._kept[address] = question.number, reply
            return reply
        return kept


class PagesKeptForAWhile(PagesKept):
    life = 20


class OnePageIsOld(Lie):
    """One page of each query shows the state of the beginning."""

    kind = "A7"
    seen_by = 10

    def prepare(self) -> None:
        chosen = self.rng.permutation(self.world.some(80))
        self.world.arrives[chosen[:40]] = self.world.leaves[chosen[40:]] = 10

    def shown(self, question: Question) -> NDArray[np.bool_]:
        return self.world.visible(1 if question.holds(350) else question.number)


class OtherOrderShowsMore(Lie):
    """Some offers are only in the order of relevance, counted there alone."""

    kind = "A7"
    sizes = (1_200, 5_000)
    count = 25

    def prepare(self) -> None:
        self._hidden = self.world.some(self.count)

    def shown(self, question: Question) -> NDArray[np.bool_]:
        keep = super().shown(question).copy()
        if question.asked.get("sort") == "1":
            keep[self._hidden] = False
        return keep


class OtherOrderShowsOneMore(OtherOrderShowsMore):
    count = 1


class EachOrderHidesSome(OtherOrderShowsMore):
    """Each order hides as many, but not the same."""

    def prepare(self) -> None:
        self._by_sort = dict(
            zip("012", self.rng.permutation(self.world.some(60)).reshape(3, 20), strict=True)
        )

    def shown(self, question: Question) -> NDArray[np.bool_]:
        keep = Lie.shown(self, question).copy()
        keep[self._by_sort[question.asked.get("sort", "0")]] = False
        return keep


class _FacetLie(Lie):
    kind = "A7"
    sizes = (1_200,)


class FacetsSayMore(_FacetLie):
    def facets(
        self, question: Question, facets: dict[str, dict[str, int]]
    ) -> dict[str, dict[str, int]]:
        return {name: {c: n + 50 for c, n in counts.items()} for name, counts in facets.items()}


class FacetsSayLess(_FacetLie):
    def facets(
        self, question: Question, facets: dict[str, dict[str, int]]
    ) -> dict[str, dict[str, int]]:
        return {name: {c: n // 2 for c, n in counts.items()} for name, counts in facets.items()}


class FacetsAreMissing(_FacetLie):
    def facets(
        self, question: Question, facets: dict[str, dict[str, int]]
    ) -> dict[str, dict[str, int]]:
        return {}


class FacetsAreOfThePage(_FacetLie):
    def facets(
        self, question: Question, facets: dict[str, dict[str, int]]
    ) -> dict[str, dict[str, int]]:
        return {"typeContrat": {"CDI": 150}, "experience": {"0": 150}}


class FacetsHaveNewNames(_FacetLie):
    def facets(
        self, question: Question, facets: dict[str, dict[str, int]]
    ) -> dict[str, dict[str, int]]:
        return {f"{name}Bis": counts for name, counts in facets.items()}


class OnlyFacetsTell(Lie):
    """Offers that are counted in the facets, but neither in totals nor on pages."""

    kind = "A7"
    sizes = (1_200, 5_000)

    def prepare(self) -> None:
        self._hidden = self.world.some(25)

    def shown(self, question: Question) -> NDArray[np.bool_]:
        keep = super().shown(question).copy()
        keep[self._hidden] = False
        return keep

    def facets(
        self, question: Question, facets: dict[str, dict[str, int]]
    ) -> dict[str, dict[str, int]]:
        counts = facets.get("experience", {})
        return facets | {"experience": {code: count + 5 for code, count in counts.items()}}
