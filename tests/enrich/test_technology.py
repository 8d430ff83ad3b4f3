"""Which technologies an offer names: sentences, the dictionary file, real offers labelled by hand."""

from __future__ import annotations

import csv
import gzip
import json
import os
import time
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.enrich.technology.change import changes, main, report, texts_of
from jobmarket.enrich.technology.dictionary import (
    FILE,
    dictionary,
    parse_dictionary,
    read_dictionary,
)
from jobmarket.enrich.technology.search import LONGEST_TEXT, Searcher, searcher, technologies_of
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.offers.conclude import text_of
from jobmarket.offers.reading import Notes
from jobmarket.sources.france_travail.contract.interpret import read_offer
from jobmarket.sources.france_travail.contract.offer import rows_of

FIXTURES = Path(__file__).parents[1] / "fixtures"
REAL_OFFERS = Path(
    os.environ.get(
        "JOBMARKET_REAL_OFFERS",
        Path(__file__).parents[3] / "shared" / "data" / "france_travail_offers.jsonl.gz",
    )
)
with_real_offers = pytest.mark.skipif(
    not REAL_OFFERS.exists(),
    reason=f"no file of real offers: {REAL_OFFERS} (JOBMARKET_REAL_OFFERS)",
)


class Sentence(NamedTuple):
    codes: tuple[str, ...]
    words: str


def sentences() -> list[Sentence]:
    found = []
    for line in (FIXTURES / "technology_sentences.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            codes, words = line.split(" | ", 1)
            found.append(Sentence(() if codes == "-" else tuple(sorted(codes.split())), words))
    return found


SENTENCES = sentences()


def technologies_in(text: str) -> tuple[str, ...]:
    (codes,) = technologies_of([text])
    return codes


# ------------------------------------------------------------------------------------- sentences


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence.words)
def test_a_sentence_names_exactly_its_technologies(sentence: Sentence) -> None:
    assert technologies_in(sentence.words) == sentence.codes


def test_the_sentences_are_many_and_name_known_codes() -> None:
    known = {code for _, code, _ in dictionary().entries()}
    assert len(SENTENCES) >= 200
    assert {code for sentence in SENTENCES for code in sentence.codes} <= known


def test_each_technology_counts_once() -> None:
    assert technologies_in("Développeur Python\nSQL et Python\nDocker") == (
        "docker",
        "python",
        "sql",
    )
    assert technologies_in("") == ()


def test_many_texts_are_read_as_each_alone() -> None:
    texts = [sentence.words for sentence in SENTENCES] + ["", "Ж 😀 œuvre", "C", "\xa0R\xa0"]
    assert technologies_of(texts) == [technologies_in(text) for text in texts]
    assert technologies_of([]) == []


@given(st.lists(st.text() | st.sampled_from(SENTENCES).map(attrgetter("words"))))
def test_no_text_is_read_into_its_neighbour(texts: list[str]) -> None:
    assert technologies_of(texts) == [technologies_in(text) for text in texts]


# ------------------------------------------------------------------------------------- whose name


@pytest.mark.parametrize(
    ("text", "names", "codes"),
    [
        ("Python recherche un peintre. Excel souhaité.", "PYTHON\n59 - Lille", ("excel",)),
        ("L'équipe Angular vous accueille.", "ANGULAR SERVICES\n", ()),
        ("Angular Services : ménage de bureaux", "Angular Services\n", ()),
        ("Développeur Angular", "ANGULAR SERVICES\n", ("angular",)),
        ("Stack : Angular, Docker", "ANGULAR SERVICES\n", ("angular", "docker")),
        ("Maîtrise du logiciel Revit", "REVIT\n", ("revit",)),
        ("Vous aimerez Ansible et sa plage.", "MAIRIE\n29 - ANSIBLE", ()),
        ("Vous aimerez Ansible et sa plage.", "MAIRIE\n29 - BREST", ("ansible",)),
        ("Excel exigé", "EXCELLENCE RH\n", ("excel",)),
    ],
)
def test_the_name_of_the_employer_or_place_is_no_technology(
    text: str, names: str, codes: tuple[str, ...]
) -> None:
    assert technologies_of([text], [names]) == [codes]
    assert technologies_of([text, "SQL"], [names, ""]) == [codes, ("sql",)]


# ------------------------------------------------------------------------------------- long texts


def seconds_of(text: str) -> float:
    start = time.process_time()
    technologies_of([text])
    return time.process_time() - start


@pytest.mark.parametrize(
    "piece",
    [
        "Python, Sage, ",
        "R ",
        "Sage ",
        "a/Python",
        "ni Excel ",
        "pas besoin de Word ",
        "chez SAP ",
        "Teams et Zoom, ",
    ],
)
def test_the_time_of_a_text_grows_with_its_length(piece: str) -> None:
    technologies_of([piece])
    short = min(seconds_of(piece * (10_000 // len(piece))) for _ in range(3))
    long = min(seconds_of(piece * (80_000 // len(piece))) for _ in range(2))
    # eight times the text; quadratic would be sixty-four times
    assert long < 30 * short + 0.05


def test_a_text_is_read_to_a_bound() -> None:
    text = "x" * (LONGEST_TEXT - 10) + "\nPython\n"
    assert technologies_in(text + "Docker, SQL " * 80_000) == ("python",)


# ------------------------------------------------------------------------------------- any text


@given(st.text(), st.sampled_from(SENTENCES), st.text())
def test_no_text_is_too_odd(before: str, sentence: Sentence, after: str) -> None:
    text = f"{before}\n{sentence.words}\n{after}"
    places = searcher().matches(text)
    assert all(0 <= place.start < place.end <= len(text) for place in places)
    assert technologies_in(text) == tuple(sorted({place.code for place in places}))


@pytest.mark.parametrize(
    "odd", ["İ", "İİİstanbul ", "😀", "e\u0301", "ß", "\u0130\U0001f600 é ", ""]
)
def test_offsets_hold_behind_any_character(odd: str) -> None:
    text = f"{odd} Maîtrise de Docker et d'Excel"
    assert [text[start:end] for _, start, end in searcher().matches(text)] == ["Docker", "Excel"]


@pytest.mark.parametrize("letter", ["œ", "ł", "é", "ж"])
def test_a_name_does_not_start_behind_a_letter_of_any_alphabet(letter: str) -> None:
    assert technologies_in(f"{letter}sql {letter}python") == ()
    assert technologies_in(f"sql{letter} python{letter}") == ()


# ------------------------------------------------------------------------------------- the file

GOOD = """
refusals = ["aucune compétence"]
[categories]
language = "Langages"
[contexts]
coding = ["programm"]
[technologies.language]
python = { label = "Python" }
go = { label = "Go", names = ["golang"], guarded = ["Go"], near = ["coding"], traps = ["no go"] }
"""


@pytest.mark.parametrize(
    ("good", "bad", "sentence"),
    [
        ('"Python" }', '"Python", names = ["golang"] }', "go: 'golang' also stands at python"),
        ('["golang"]', '["go"]', "go: 'Go' repeats 'go': write a name once."),
        (
            '["golang"]',
            '["golang", " "]',
            "go: ' ' is no name or trap: it has no letter or digit that Latin-1 has.",
        ),
        ('"Python" }', '"微信" }', "python: '微信' is no name or trap: it has no letter or digit"),
        ('["no go"]', '["!!!"]', "go: '!!!' is no name or trap: it has no letter or digit"),
        ('label = "Python"', 'label = " "', "python: the label is empty."),
        ("python =", "Python_3 =", "Python_3: a code is lower-case letters, digits"),
        ('near = ["coding"], ', "", "go: a guarded name needs near"),
        ('near = ["coding"]', 'near = ["cooking"]', "go: near has 'cooking', which is neither"),
        ('traps = ["no go"]', 'unless = ["language"]', "go: unless has 'language', which is not"),
        ('"Python" }', '"Python", near = ["coding"] }', "python: near proves nothing"),
        ('traps = ["no go"]', "within = 0", "go: within is 0, expected 1 to 500 characters."),
        ("[technologies.language]", "[technologies.langage]", "Unknown category 'langage'"),
        ('coding = ["programm"]', "coding = []", "Context 'coding' is empty"),
        ("coding = [", "language = [", "Context 'language' has the name of a category"),
        ('["aucune compétence"]', '[""]', "A refusal has no letter or digit that Latin-1 has"),
        ('"Python" }', '"Python", alias = ["py"] }', "unknown field `alias`"),
        ('label = "Python"', 'names = ["python"]', "missing required field `label`"),
        ("python = {", "python = [", "not a dictionary of technologies"),
        ("go = {", "python = {", "not a dictionary of technologies"),
    ],
)
def test_a_mistake_in_the_file_is_one_clear_sentence(good: str, bad: str, sentence: str) -> None:
    assert good in GOOD
    with pytest.raises(ConfigurationError) as refused:
        parse_dictionary(GOOD.replace(good, bad, 1))
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("text", "codes"),
    [("ici Foo (x!)", ("foo",)), ("ici Foo (x", ()), ("Foo (x", ()), ("et C!!", ("c",)), ("C", ())],
)
def test_a_name_may_end_in_signs(text: str, codes: tuple[str, ...]) -> None:
    names = 'foo = { label = "Foo", names = ["foo (x!)"] }\nc = { label = "C", names = ["c!!"] }\n'
    search = Searcher(parse_dictionary(GOOD + names))
    assert search.read([text]).codes == [codes]
    assert search.read([text, "Python", text]).codes == [codes, ("python",), codes]


def test_every_mistake_is_told_at_once() -> None:
    text = GOOD.replace('label = "Python"', 'label = ""').replace(
        "traps =", "within = 900, traps ="
    )
    with pytest.raises(
        ConfigurationError,
        match=r"python: the label is empty\. go: within is 900",
    ):
        parse_dictionary(text)


def test_a_dictionary_without_technologies_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no technology in the file"):
        parse_dictionary("refusals = []\n[categories]\n[contexts]\n[technologies]\n")


def test_two_entries_may_fear_the_same_phrase() -> None:
    feared = GOOD.replace('"Python" }', '"Python", traps = ["no go"] }')
    assert len([*parse_dictionary(feared).entries()]) == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=f"{tmp_path}.*there is no such file"):
        read_dictionary(tmp_path / "technology.toml")


def test_a_file_with_a_mistake_is_named(tmp_path: Path) -> None:
    file = tmp_path / "technology.toml"
    file.write_text(GOOD.replace('label = "Python"', 'label = ""'), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=f"{file}: python: the label is empty."):
        read_dictionary(file)


def test_the_file_of_the_project_is_good_and_broad() -> None:
    entries = [*read_dictionary(FILE).entries()]
    assert len(entries) >= 800
    assert {category for category, _, _ in entries} == set(dictionary().categories)


# ------------------------------------------------------------------------------------- an edit


def edited(code: str, line: str) -> str:
    """Return the project's file with the line of one technology replaced."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    (place,) = [number for number, old in enumerate(lines) if old.startswith(f"{code} = ")]
    lines[place] = line
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("code", "line", "shown"),
    [
        (
            "kafka",
            'kafka = { label = "Kafka", names = ["apache kafka"] }',
            ["lost kafka 1", "    1  Flux [Kafka]"],
        ),
        (
            "chef",
            'chef = { label = "Chef", guarded = ["Chef"], near = ["kitchen"] }',
            [
                "lost chef 1",
                "    2  Ansible, [Chef] ou Puppet",
                "gained chef 1",
                "    3  [Chef] de cuisine dans une brasserie",
            ],
        ),
        ("kafka", 'kafka = { label = "Kafka", names = ["kafka"] }', ["No match changes."]),
    ],
)
def test_what_an_edit_changes_is_shown(
    code: str, line: str, shown: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    after, texts = tmp_path / "after.toml", tmp_path / "sentences.txt"
    after.write_text(edited(code, line), encoding="utf-8")
    texts.write_text(
        "Flux Kafka\nAnsible, Chef ou Puppet\nChef de cuisine dans une brasserie\n",
        encoding="utf-8",
    )
    assert main([str(FILE), str(texts), "--after", str(after)]) == 0
    assert capsys.readouterr().out.splitlines() == shown


def test_offers_are_compared_as_the_source_gives_them(tmp_path: Path) -> None:
    file = tmp_path / "offers.jsonl.gz"
    offer = {"id": "1", "intitule": "DBA", "competences": [{"libelle": "Golang"}, {}]}
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps(offer) + "\n\n")
    after = parse_dictionary(GOOD)
    before = parse_dictionary(GOOD.replace('names = ["golang"], ', ""))
    assert [*texts_of(file)] == [("1", "DBA\nGolang")]
    assert [*report(changes(before, after, texts_of(file)))] == [
        "gained go 1",
        "    1  DBA [Golang]",
    ]


# ------------------------------------------------------------------------------------- real offers


class Score(NamedTuple):
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


def real_offers() -> dict[str, str]:
    with gzip.open(REAL_OFFERS, "rt", encoding="utf-8") as lines:
        records = [*lines]
    notes, at = Notes({}, {}), datetime(2026, 11, 19, tzinfo=UTC)
    read = [rows_of(read_offer(record.encode(), notes), notes, at) for record in records]
    return {rows.offer.offer_id: text_of(rows) for rows in read}


@with_real_offers
@pytest.mark.parametrize("part", ["dev", "held_out", "second_annotator", "third_annotator"])
def test_real_offers_are_read_as_a_person_reads_them(part: str) -> None:
    offers = real_offers()
    right = wrong = missed = 0
    with (FIXTURES / "technology_labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == part]
    for row in rows:
        named, found = (
            set(row["technologies"].split()),
            set(technologies_in(offers[row["offer_id"]])),
        )
        right, wrong, missed = (
            right + len(named & found),
            wrong + len(found - named),
            missed + len(named - found),
        )
    score = Score(right, wrong, missed)
    assert len(rows) >= 150
    assert score.precision >= 0.97, score
    assert score.recall >= 0.90, score
