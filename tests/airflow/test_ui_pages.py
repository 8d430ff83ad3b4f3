"""Which addresses and keys are reports, and what the pages show of what was read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.airflow.ui import fr, kinds, pages
from jobmarket.airflow.ui.query import Around, DayRun, Days, PeriodReport
from jobmarket.airflow.ui.routes import VIEWS, ReportLink
from jobmarket.airflow.ui.rows import Missing, list_rows
from jobmarket.airflow.ui.runs import Failure, RunState, Unfinished
from jobmarket.foundation.lake.layout import report_prefix

DAY = date(2026, 11, 18)
WHOLE = DayRun(
    day=DAY,
    is_sample=False,
    standing="certified",
    announced=40_000,
    collected=40_000,
    gap=0,
    rejected=3,
    loaded=39_997,
    read_at=datetime(2026, 11, 19, 4, 8, tzinfo=UTC),
    checks_passed=True,
)
BROKEN = Failure("load", "failed", "<script>alert(1)</script>")


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.rows: list[list[str]] = []
        self._inside: list[str] = []
        self.feed(html)
        # below every list; it has a test of its own
        self.links = [link for link in self.links if "/receipts" not in link[0]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "a":
            self.links.append((dict(attrs)["href"] or "", ""))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag in ("a", "td", "th"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self._inside):
            self.rows[-1][-1] += data
        if "a" in self._inside:
            href, text = self.links[-1]
            self.links[-1] = (href, text + data)


def which(found: tuple[kinds.ReportKind, str] | None) -> tuple[str, str] | None:
    return found and (found[0].name, found[1])


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("day", "2026-11-18", ("day", "2026-11-18")),
        ("sample", "2026-11-18", ("sample", "2026-11-18")),
        ("week", "2026-W47", ("week", "2026-W47")),
        ("month", "2026-11", ("month", "2026-11")),
        ("week", "2026-W47-1", None),
        ("week", "2026-W60", None),
        ("month", "2026-13", None),
        ("month", "2026-11-18", None),
        ("day", "2026-02-30", None),
        ("day", "20261118", None),
        ("day", "2026-11-18 ", None),
        ("day", "2026-11-18/..", None),
        ("day", "..", None),
        ("day", "", None),
        ("samples", "2026-11-18", None),
        ("__class__", "2026-11-18", None),
    ],
)
def test_an_address_is_a_report_or_nothing(
    name: str, text: str, found: tuple[str, str] | None
) -> None:
    assert which(kinds.find(name, text)) == found


@given(st.text())
def test_no_text_of_an_address_leaves_the_keys_of_reports(text: str) -> None:
    found = kinds.find("day", text)
    if found is not None:
        kind, value = found
        assert re.fullmatch(r"reports/france_travail/day=\d{4}-\d{2}-\d{2}/", kind.prefix(value))


@given(st.dates(), st.booleans())
def test_the_key_of_a_report_leads_to_its_address(day: date, is_sample: bool) -> None:
    key = f"{report_prefix('france_travail', str(day), is_sample=is_sample)}index.html"
    assert which(kinds.find_by_key(key)) == ("sample" if is_sample else "day", str(day))


@pytest.mark.parametrize(("name", "text"), [("week", "2026-W47"), ("month", "2026-11")])
def test_weeks_and_months_have_keys_of_their_own(name: str, text: str) -> None:
    key = f"reports/france_travail/{name}={text}/index.html"
    assert which(kinds.find_by_key(key)) == (name, text)


@pytest.mark.parametrize(
    "key",
    [
        None,
        17,
        {"key": "reports/france_travail/day=2026-11-18/index.html"},
        "",
        "index.html",
        "reports/france_travail/day=2026-11-18/",
        "reports/france_travail/day=2026-11-18/tables/hours.csv",
        "reports/france_travail/day=../index.html",
        "reports/france_travail/week=2026-W47-1/index.html",
        "reports/france_travail/samples/week=2026-W47/index.html",
        "reports/elsewhere/day=2026-11-18/index.html",
        "reports/france_travail/day=2026-11-18/../day=2026-11-17/index.html",
        "raw/france_travail/offers/day=2026-11-18/run=1/manifest.json",
    ],
)
def test_what_another_task_returned_is_no_report(key: object) -> None:
    assert kinds.find_by_key(key) is None


@pytest.mark.parametrize(
    ("path", "is_file"),
    [
        ("index.html", True),
        ("figures/hours.png", True),
        ("tables/wider_places.csv", True),
        ("tables/pay-by-trade.csv", True),
        ("tables/hours_donnees-generees.csv", True),
        ("tables/hours.parquet", True),
        ("figures/hours.parquet", False),
        ("figures/hours.svg", True),
        ("figures/hours.html", False),
        ("figures/hours.png\n", False),
        ("figures/é.png", False),
        ("figures/../index.html", False),
        ("tables/a/b.csv", False),
        ("tables/.csv", False),
        ("manifest.json", False),
        ("", False),
    ],
)
def test_only_files_of_a_report_are_read(path: str, is_file: bool) -> None:
    assert kinds.is_report_file(path) is is_file


def test_a_kind_of_report_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    year = kinds.ReportKind(
        "year",
        "france_travail",
        "day",
        "yearly",
        str.strip,
        lambda year: f"reports/year={year}/",
        str,
    )
    monkeypatch.setitem(kinds.KINDS, "year", year)
    assert kinds.find("year", "2026") == kinds.find_by_key("reports/year=2026/index.html")
    assert kinds.find("year", "2026") == (year, "2026")


def test_the_list_shows_a_day_with_its_certificate() -> None:
    page = Page(pages.list_page("/jobmarket", Days([WHOLE], None), is_first=True))
    assert page.rows == [
        list(fr.COLUMNS),
        [
            "Mercredi 18\u00a0novembre 2026",
            "Certifiée",
            "40\u202f000",
            "40\u202f000",
            "0",
            "3",
            "39\u202f997",
            "19\u00a0nov. 2026, 5\u00a0h\u00a008",
            "Ouvrir",
        ],
    ]
    assert page.links == [
        ("/jobmarket/day/2026-11-18", "Mercredi 18\u00a0novembre 2026"),
        ("/jobmarket/day/2026-11-18", "Ouvrir"),
    ]


@pytest.mark.parametrize(
    ("changes", "standing", "report", "address"),
    [
        ({"standing": "with_gap", "gap": 7}, "Incomplète", "Ouvrir", "/day/2026-11-18"),
        ({"standing": "uncertified"}, "Non certifiée", "Ouvrir", "/day/2026-11-18"),
        (
            {"standing": "sample", "is_sample": True},
            "Échantillon",
            "Ouvrir",
            "/sample/2026-11-18",
        ),
        ({"checks_passed": None}, "Certifiée", "Pas encore contrôlée", None),
        ({"checks_passed": False}, "Certifiée", "Contrôles en échec", None),
        (
            {"standing": "refused", "checks_passed": None},
            "Refusée",
            "Aucun",
            None,
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_the_list_says_how_far_a_day_may_be_trusted(
    changes: dict[str, Any], standing: str, report: str, address: str | None
) -> None:
    page = Page(pages.list_page("", Days([WHOLE._replace(**changes)], None), is_first=True))
    assert (page.rows[1][1], page.rows[1][8]) == (standing, report)
    assert {href for href, _ in page.links} == ({address} if address else set())


@pytest.mark.parametrize(
    ("days", "is_first", "links"),
    [
        (Days([WHOLE], None), True, []),
        (Days([WHOLE], DAY), True, ["/x/?before=2026-11-18"]),
        (Days([WHOLE], DAY), False, ["/x/", "/x/?before=2026-11-18"]),
        (Days([WHOLE], None), False, ["/x/"]),
        (Days([], None), False, ["/x/"]),
    ],
)
def test_the_list_leads_to_older_days_and_back(
    days: Days, is_first: bool, links: list[str]
) -> None:
    page = Page(pages.list_page("/x", days, is_first=is_first))
    assert [href for href, _ in page.links if "/day/" not in href] == links


def test_the_list_of_another_source_leads_to_its_own_days_and_back() -> None:
    sources = ["france_travail", "adzuna"]
    adzuna = Days([WHOLE._replace(source="adzuna")], DAY, sources=sources)
    html = pages.list_page("/x", adzuna, source="adzuna", is_first=False)
    assert Page(html).links == [
        ("/x/", "Journées de France Travail"),
        ("/x/adzuna-day/2026-11-18", "Mercredi 18\u00a0novembre 2026"),
        ("/x/adzuna-day/2026-11-18", "Ouvrir"),
        ("/x/?source=adzuna", "← Les plus récentes"),
        ("/x/?source=adzuna&before=2026-11-18", "Plus anciennes →"),
    ]
    first = pages.list_page("/x", Days([WHOLE], None, sources=sources), is_first=True)
    assert ("/x/?source=adzuna", "Journées d’Adzuna") in Page(first).links
    assert "les offres d’emploi de France Travail parues ce jour-là" in first
    assert "les offres d’emploi d’Adzuna parues ce jour-là" in html
    empty = pages.list_page("", Days([], None), source="adzuna", is_first=True)
    assert "lancez adzuna_daily." in empty


def test_weeks_and_months_stand_above_the_days() -> None:
    week = kinds.KINDS["week"]
    periods = [
        ("week", [PeriodReport(week, "2026-W47"), PeriodReport(week, "2026-W01", True)]),
        ("month", [PeriodReport(kinds.KINDS["month"], "2026-08")]),
    ]
    html = pages.list_page("/x", Days([], None), periods, is_first=True)
    assert Page(html).links == [
        ("/x/week/2026-W47", "Semaine du 16\u00a0novembre 2026"),
        ("/x/week/2026-W01", "Semaine du 29\u00a0décembre 2025"),
        ("/x/month/2026-08", "Août\u00a02026"),
    ]
    assert re.findall("<h2 id=.*>(.+)</h2>", html) == ["Semaines", "Mois"]
    # what the sandbox made is marked as its days are
    marked = re.findall(
        r'href="/x/(\S+)">[^<]+</a> <span class="standing generated">(.+)</span>', html
    )
    assert marked == [("week/2026-W01", "Données générées")]


def test_an_empty_list_says_what_to_do() -> None:
    page = pages.list_page("", Days([], None), is_first=True)
    assert "Aucune journée n’est encore chargée\u00a0: lancez france_travail_daily." in page


def day_run(day: int, **changes: Any) -> DayRun:
    return WHOLE._replace(day=date(2026, 11, day), **changes)


def unfinished(day: int, state: str = "failed") -> Unfinished:
    return Unfinished(date(2026, 11, day), state, f"manual__2026-11-{day}/+")


def told(rows: list[Any]) -> list[str]:
    return [
        f"{row.first.day}-{row.last.day} missing"
        if isinstance(row, Missing)
        else f"{row.day.day} {row.state if isinstance(row, Unfinished) else row.kind}"
        for row in rows
    ]


@pytest.mark.parametrize(
    ("loaded", "next_day", "not_done", "rows"),
    [
        ([18, 17, 16], None, [], ["18 day", "17 day", "16 day"]),
        # one day, and some in a row
        ([18, 16], None, [], ["18 day", "17-17 missing", "16 day"]),
        ([18, 14, 12], None, [], ["18 day", "15-17 missing", "14 day", "13-13 missing", "12 day"]),
        # what failed is told apart from what was never asked for
        ([18, 15], None, [17], ["18 day", "17 failed", "16-16 missing", "15 day"]),
        ([18], None, [20], ["20 failed", "19-19 missing", "18 day"]),
        ([18], None, [15], ["18 day", "16-17 missing", "15 failed"]),
        ([], None, [15], ["15 failed"]),
        # a day that is loaded stands, whatever became of its last run
        ([18, 17], None, [18], ["18 day", "17 day"]),
        # to the newest day of the next page
        ([18], date(2026, 11, 17), [], ["18 day"]),
        ([18], date(2026, 11, 15), [], ["18 day", "16-17 missing"]),
        ([18], date(2026, 11, 15), [17], ["18 day", "17 failed", "16-16 missing"]),
        ([], None, [], []),
    ],
)  # fmt: skip
def test_absent_days_are_rows(
    loaded: list[int], next_day: date | None, not_done: list[int], rows: list[str]
) -> None:
    days = Days([day_run(day) for day in loaded], next_day and DAY, next_day)
    assert told(list_rows(days, [unfinished(day) for day in not_done])) == rows


@given(st.sets(st.integers(1, 30)), st.sets(st.integers(1, 30)))
def test_each_day_between_the_first_and_the_last_is_told_once(
    loaded: set[int], not_done: set[int]
) -> None:
    days = Days([day_run(day) for day in sorted(loaded, reverse=True)], None)
    found: list[int] = []
    for row in list_rows(days, [unfinished(day) for day in sorted(not_done, reverse=True)]):
        found += (
            range(row.last.day, row.first.day - 1, -1)
            if isinstance(row, Missing)
            else [row.day.day]
        )
    known = loaded | not_done
    assert found == (list(range(max(known), min(known) - 1, -1)) if known else [])


def test_a_sample_beside_its_day_is_no_gap() -> None:
    days = Days([day_run(18), day_run(18, is_sample=True, standing="sample"), day_run(17)], None)
    assert told(list_rows(days, [])) == ["18 day", "18 sample", "17 day"]


def test_absent_days_say_what_they_are() -> None:
    html = pages.list_page(
        "/x", Days([day_run(18), day_run(10)], None), (), [unfinished(17)], is_first=True
    )
    page = Page(html)
    assert [[cell.replace("\u00a0", " ") for cell in row[:2]] for row in page.rows[2:4]] == [
        ["Mardi 17 novembre 2026", "En échec"],
        ["Du 11 novembre 2026 au 16 novembre 2026", "Non collectée"],
    ]
    assert page.rows[3][2].split() == ["6", "journées"]
    assert ("/x/run/france_travail_daily/manual__2026-11-17/%2B", "Pourquoi") in page.links


def test_a_sample_claims_nothing_of_its_day() -> None:
    sample = day_run(18, is_sample=True, standing="sample", announced=150, collected=150, gap=0)
    row = Page(pages.list_page("", Days([sample], None), is_first=True)).rows[1]
    assert row[1:5] == ["Échantillon", "–", "150", "–"]


def test_the_list_stands_without_the_lake() -> None:
    html = pages.list_page(
        "", Days([WHOLE], None), is_first=True, lake_error="S3 did <not> answer."
    )
    assert "S3 did &lt;not&gt; answer." in html
    assert len(Page(html).rows) == 2


def test_a_report_leads_to_those_before_and_after() -> None:
    kind = kinds.KINDS["day"]
    around = Around("2026-11-16", "2026-11-20", [])
    html = pages.report_page("/x", kind, "2026-11-18", ["index.html"], around)
    assert Page(html).links == [
        ("/x/", "← Tous les rapports"),
        ("/x/day/2026-11-16", "← Lundi 16\u00a0novembre 2026"),
        ("/x/day/2026-11-20", "Vendredi 20\u00a0novembre 2026 →"),
    ]
    assert 'class="notice"' not in html


@pytest.mark.parametrize(
    ("kind", "value", "days", "said"),
    [
        ("week", "2026-W47", [17], "(17 novembre 2026) : relancez france_travail_weekly"),
        ("month", "2026-11", [2, 3, 4, 5, 6], "4 novembre 2026 et 2 autres) : relancez france_"),
        ("day", "2026-11-18", [18], "Cette journée a été chargée de nouveau depuis"),
    ],
)  # fmt: skip
def test_a_report_says_what_was_loaded_since(
    kind: str, value: str, days: list[int], said: str
) -> None:
    around = Around(loaded_since=[date(2026, 11, day) for day in days])
    html = pages.report_page("", kinds.KINDS[kind], value, ["index.html"], around)
    assert said in html.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_report_stands_below_the_way_to_its_files() -> None:
    kind = kinds.KINDS["day"]
    html = pages.report_page("/x", kind, "2026-11-18", ["index.html", "tables/hours.csv"])
    assert Page(html).links == [
        ("/x/", "← Tous les rapports"),
        ("/x/day/2026-11-18/tables/hours.csv", "tables/hours.csv"),
    ]
    assert (
        '<iframe src="/x/day/2026-11-18/index.html" title="Mercredi 18\u00a0novembre 2026">' in html
    )


def test_what_others_wrote_stays_text() -> None:
    html = pages.message_page("", "Oui.", detail='<script>alert("x")</script>')
    assert "script" not in Page(html).tags
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in html


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (RunState("running", None, []), ["Cette exécution n’est pas terminée."]),
        (RunState("queued", None, []), ["Cette exécution attend son tour."]),
        (RunState("restarting", None, []), ["État de cette exécution : restarting."]),
        (
            RunState("running", None, [Failure("extract", "up_for_retry", "It did not answer.")]),
            ["n’est pas terminée", "La tâche extract n’a pas abouti et sera tentée de nouveau :",
             "It did not answer."],
        ),
        (
            RunState("failed", None, [Failure("load", "failed", "The disk is full."),
                                      Failure("check", "failed", "")]),
            ["a échoué et n’a pas écrit de rapport", "La tâche load a échoué :", "The disk is full.",
             "La tâche check a échoué sans dire pourquoi"],
        ),
    ],
)  # fmt: skip
def test_a_run_without_a_report_says_why(run: RunState, said: list[str]) -> None:
    html = pages.run_page("", run).replace("\u00a0", " ").replace("\u202f", " ")
    positions = [html.find(text) for text in said]
    assert -1 not in positions
    assert positions == sorted(positions)


def test_the_last_word_of_a_task_stays_text() -> None:
    html = pages.run_page("", RunState("failed", None, [BROKEN]))
    assert "script" not in Page(html).tags
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_no_page_has_a_script() -> None:
    kind = kinds.KINDS["sample"]
    for html in (
        pages.list_page("", Days([WHOLE], DAY), is_first=False),
        pages.report_page("", kind, "2026-11-18", ["index.html", "figures/hours.png"]),
        pages.message_page("", fr.NO_REPORT),
        pages.run_page("", RunState("failed", (kind, "2026-11-18"), [BROKEN])),
    ):
        page = Page(html)
        assert "script" not in page.tags
        assert [name for name in page.attributes if name.startswith("on")] == []


def test_the_link_of_a_task_opens_the_tab_of_its_run() -> None:
    class Instance:
        dag_id = "france_travail_daily"
        run_id = "scheduled__2026-11-18T23:00:00+00:00/../a b"

    (tab,) = [view for view in VIEWS if view["destination"] == "dag_run"]
    assert ReportLink().get_link(None, ti_key=Instance) == (
        "dags/france_travail_daily/runs/scheduled__2026-11-18T23%3A00%3A00%2B00%3A00%2F..%2Fa%20b"
        f"/plugin/{tab['url_route']}"
    )
