from __future__ import annotations

import random

import pytest
from jobmarket.report.comparison import LEAST_SCORE, Counts, Group, movers

UNIT = 12


def counts(
    now: dict[str, tuple[float, float]],
    usual: dict[str, tuple[float, float]],
    totals: tuple[tuple[float, float], tuple[float, float]] | None = None,
) -> Counts:
    """Return counts of trades by origin, now and usually; the totals are their sums unless given."""
    rows = []
    for series, values in (("now", now), ("compared", now), ("usual", usual)):
        for value, both in values.items():
            for origin, offers in zip("12", both, strict=True):
                rows.append((series, "rome", value, origin, round(offers * UNIT)))
        total = totals and totals[series == "usual"]
        for number, origin in enumerate("12"):
            offers = total[number] if total else sum(both[number] for both in values.values())
            rows.append((series, "all", "", origin, round(offers * UNIT)))
    return Counts(rows)


def by_code(found: list[Group]) -> dict[str, Group]:
    return {group.code: group for group in found}


def test_a_group_is_compared_with_the_movement_of_the_whole() -> None:
    # every offer of partners is halved, A as the others: A did not move; B did
    found = counts(
        now={"A": (100, 200), "B": (300, 300), "C": (600, 500)},
        usual={"A": (100, 400), "B": (200, 800), "C": (700, 800)},
    ).groups("rome")
    assert [group.code for group in found] == ["C", "B", "A"]
    groups = by_code(found)
    assert groups["A"].expected == pytest.approx(300)
    assert groups["A"].excess == pytest.approx(0)
    assert groups["A"].change == pytest.approx(-0.4)
    assert groups["B"].excess_1 == pytest.approx(100)
    assert groups["B"].excess_2 == pytest.approx(-100)


def test_the_excess_of_all_groups_is_nothing() -> None:
    found = counts(
        now={"A": (9, 70), "B": (31, 5), "": (2, 3)}, usual={"A": (20, 50), "C": (5, 5)}
    ).groups("rome")
    assert sum(group.excess for group in found) == pytest.approx(0)
    assert by_code(found)["C"].offers == 0


def test_groups_may_be_put_together() -> None:
    one = counts(
        now={"K13": (5, 5), "K20": (1, 0), "M18": (2, 0), "": (1, 1)}, usual={"K13": (1, 0)}
    )
    found = by_code(one.groups("rome", lambda code: code[:1]))
    assert {code: group.offers for code, group in found.items()} == {"K": 11, "M": 2, "": 2}
    assert found["K"].usual == 1


def test_without_a_reference_nothing_has_moved() -> None:
    one = Counts([("now", "rome", "A", "1", 100 * UNIT), ("now", "all", "", "1", 100 * UNIT)])
    (group,) = one.groups("rome")
    assert (group.offers, group.usual, group.change, group.excess) == (100, 0, None, 0)
    assert movers([group]) == []


def test_chance_is_no_news() -> None:
    """A hundred days of chance among 300 groups: hardly a headline."""
    chance = random.Random(5)

    def poisson(mean: float) -> float:
        return max(0.0, round(chance.gauss(mean, mean**0.5)))

    news = 0
    for _ in range(100):
        sizes = {f"G{number}": 5 + number for number in range(300)}
        now = {code: (poisson(mean), 0.0) for code, mean in sizes.items()}
        usual = {
            code: (sum(poisson(mean) for _ in range(4)) / 4, 0.0) for code, mean in sizes.items()
        }
        news += len(movers(counts(now, usual).groups("rome")))
    assert news <= 10


def test_what_really_moved_is_found_among_chance() -> None:
    chance = random.Random(6)
    usual = {f"G{number}": (100.0, 0.0) for number in range(200)}
    now = {code: (float(round(chance.gauss(100, 10))), 0.0) for code in usual}
    now["G7"], now["G9"] = (190.0, 0.0), (30.0, 0.0)
    found = movers(counts(now, usual).groups("rome"))
    assert [group.code for group in found] == ["G7", "G9"]
    assert all(abs(group.score) >= LEAST_SCORE for group in found)


def test_groups_that_scatter_widely_need_more_to_be_news() -> None:
    # every group is up or down by half: then half is nothing special
    usual = {f"G{number}": (100.0, 0.0) for number in range(40)}
    now = {code: (150.0 if number % 2 else 50.0, 0.0) for number, code in enumerate(usual)}
    assert movers(counts(now, usual).groups("rome")) == []


@pytest.mark.parametrize(
    ("now", "moved"),
    [((19, 0), False), ((40, 0), True)],  # a doubling of a handful is no news
)
def test_small_groups_are_no_news(now: tuple[float, float], moved: bool) -> None:
    one = counts({"A": now}, {"A": (1, 0)}, totals=((1_000, 1), (1_000, 1)))
    assert bool(movers(one.groups("rome"))) is moved


def test_offers_without_the_attribute_are_no_group_that_moves() -> None:
    one = counts({"": (500, 0)}, {"": (100, 0)}, totals=((1_000, 1), (1_000, 1)))
    assert movers(one.groups("rome")) == []


def test_the_origin_of_an_excess() -> None:
    found = counts({"A": (100, 300), "B": (100, 0)}, {"A": (100, 100), "B": (100, 200)})
    assert by_code(found.groups("rome"))["A"].is_partner_driven


def activities(now: dict[str, int], usual: dict[str, int]) -> Counts:
    """Return counts of the activities of employers, now and usually."""
    rows = []
    for series, values in (("now", now), ("compared", now), ("usual", usual)):
        rows += [(series, "naf_division", value, "1", n * UNIT) for value, n in values.items()]
        rows.append((series, "all", "", "1", sum(values.values()) * UNIT))
    return Counts(rows)


REV2, NAF_2025 = {"62": 600, "78": 300, "": 50}, {"2025-62": 700, "2025-78": 200, "": 50}


@pytest.mark.parametrize(
    ("now", "usual", "is_changed"),
    [
        (REV2, REV2, False),
        (NAF_2025, NAF_2025, False),
        (NAF_2025, REV2, True),
        (REV2, NAF_2025, True),
        (REV2 | NAF_2025, REV2 | NAF_2025, True),  # a year that both share
        (REV2 | {"2025-62": 300}, REV2, True),
        (REV2 | {"2025-62": 3}, REV2, False),  # a slip of a few employers
        (NAF_2025, {"": 10}, False),  # nothing to compare with
        ({}, {}, False),
    ],
)
def test_activities_of_two_nomenclatures_are_not_compared(
    now: dict[str, int], usual: dict[str, int], is_changed: bool
) -> None:
    found = activities(now, usual)
    assert found.is_naf_changed is is_changed
    groups = by_code(found.groups("naf_division"))
    assert {code: group.offers for code, group in groups.items() if group.offers} == now
    if is_changed:
        assert {(group.usual, group.compared, group.change) for group in groups.values()} == {
            (0, 0, None)
        }
        assert movers(groups.values()) == []
    elif usual == now:
        assert {code: group.usual for code, group in groups.items()} == usual
