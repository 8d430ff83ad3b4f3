from __future__ import annotations

import pytest
from jobmarket.report.analyses import contracts, days, pay, places, technologies, trades
from jobmarket.report.tables import SMALL
from jobmarket.report.words.fr.values import trade

from tests.support.report_facts import answers, facts

ONE_WEEK = {14: 1.0}


def test_compared_with_what_is_usual_folded_alike() -> None:
    asked = answers(
        counts={"contract_type": {"CDI": (60, 0), "CDD": (30, 0), "REP": (3, 0), "": (7, 0)}},
        usual={"contract_type": {"CDI": (50, 0), "CDD": (40, 0), "LIB": (10, 0), "": (7, 0)}},
        history=ONE_WEEK,
    )
    table = contracts.CONTRACTS.table(asked)
    assert table.labels == ["CDI", "Autres contrats", "Contrat non précisé"]
    assert table.series["offers"] == [60, 33, 7]
    # CDD and what is gone today stand with the others
    assert table.series["usual"] == [50, 50, 7]
    assert table.series["change"] == pytest.approx([0.2, 33 / 50 - 1, 0])
    assert sum(map(int, map(str, table.series["usual"]))) == 107


def test_nothing_usual_has_no_columns_for_it() -> None:
    table = contracts.CONTRACTS.table(answers(history={}))
    assert list(table.series) == ["offers", "share"]


def test_trades_by_domain() -> None:
    table = trades.TRADES.table(answers(history=ONE_WEEK))
    assert dict(zip(table.labels, table.series["offers"], strict=True)) == {
        "Services à la personne": 3_000,
        "Support à l’entreprise": 1_000,
        "Santé": 250,
    }


def test_technologies_have_a_part_of_all_offers() -> None:
    table = technologies.TECHNOLOGIES.table(answers(history=ONE_WEEK))
    assert table.labels == ["Python", "SQL", "Excel"]
    assert table.series["share"] == [200 / 40_000, 160 / 40_000, 110 / 40_000]


def test_map_has_every_departement_and_no_small_one() -> None:
    asked = answers(
        counts={"departement": {"59": (400, 0), "15": (2, 0), "48": (10, 0), "": (9, 0)}},
        history={},
    )
    table = places.PLACES.table(asked)
    offers = dict(zip(table.labels, table.series["offers"], strict=True))
    rates = dict(zip(table.labels, table.series["rate"], strict=True))
    assert len(table.labels) == 101
    assert (offers["Nord (59)"], offers["Ain (01)"]) == (400, 0)
    # the 2 could be read off the total, so the smallest of the others is masked, too
    assert (offers["Cantal (15)"], rates["Cantal (15)"]) == (SMALL, None)
    assert (offers["Lozère (48)"], rates["Lozère (48)"]) == (SMALL, None)
    assert table.labels[0] == "Nord (59)"
    assert str(rates["Nord (59)"]).startswith("15.29")


def test_moved_up_and_down() -> None:
    asked = answers(
        counts={"rome": {"M1805": (600, 1_000), "K1304": (400, 1_800), "J1501": (3, 0)}},
        history=ONE_WEEK,
    )
    up = trades.TRADES_UP.table(asked)
    assert up.labels == [trade("M1805")]
    assert [cells[0] for cells in up.series.values()] == pytest.approx([1_600, 1_000, 0.6, 600])
    down = trades.TRADES_DOWN.table(asked)
    assert down.labels == [trade("K1304"), trade("J1501")]
    # from usual and excess the three that are left could be read
    assert [cells[1] for cells in down.series.values()] == [SMALL, 250, None, None]


def test_quartiles_need_enough_offers() -> None:
    asked = answers(
        pay=[
            ("J", 20, 24_049, 26_050, 28_951, 5),
            ("K", 19, 1, 2, 3, 19),
            ("M", 30, 30_000, 40_000, 50_000, 4),
            ("J1501", 20, 24_049, 26_050, 28_951, 5),
        ]
    )
    table = pay.PAY.table(asked)
    assert table.labels == ["Support à l’entreprise", "Santé"]
    assert {name: cells[1] for name, cells in table.series.items()} == {
        "offers": 20,
        "low": 24_000,
        "middle": 26_000,
        "high": 29_000,
        "minimum": 0.25,
    }
    assert table.series["minimum"][0] is SMALL  # 4 of 30: so few are not shown
    # of the groups with most offers, the best paid first
    assert pay.QuartileTable(top=1).table(asked, pay.PAY.text).labels == ["Support à l’entreprise"]


def test_days_that_were_not_read_are_blank() -> None:
    asked = answers(facts(certificate={"certified": False, "gap": 3}), history={1: 0.5, 28: 1.0})
    table = days.DAYS.table(asked)
    assert len(table.labels) == 29
    assert [(row, cell) for row, cell in enumerate(table.series["certified"]) if cell] == [
        (0, 40_000),
        (27, 20_000),
    ]
    assert table.series["uncertified"][-1] == 40_000
    assert table.series["certified"][1] is table.series["uncertified"][1] is None
