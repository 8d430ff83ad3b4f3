"""Pages cut into records: no fault inside a record reaches another one, whatever it is."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jobmarket.offers.reading import ContractBreach, Notes
from jobmarket.sources.france_travail.contract.interpret import read_offer
from jobmarket.sources.france_travail.contract.offer import ApiOffer
from jobmarket.sources.france_travail.contract.records import (
    Cut,
    cut_records,
    identify,
    sighting,
    stated_day,
)

from tests.sources.france_travail.test_offer import SMALLEST, WHOLE, changed, encode

FACETS: Any = [
    {"filtre": "typeContrat", "agregation": [{"valeurPossible": "CDI", "nbResultats": 2}]},
    {"filtre": "experience", "agregation": []},
]


def numbered(number: int, offer: Any = WHOLE) -> bytes:
    return encode(offer | {"id": f"{number:07d}"})


def page(*records: bytes, facets: Any = FACETS) -> bytes:
    return b'{"resultats":[' + b",".join(records) + b'],"filtresPossibles":' + encode(facets) + b"}"


def records_of(cut: Cut) -> list[bytes]:
    return [bytes(record) for record in cut.records]


GOOD = [numbered(number) for number in range(1, 5)]


def test_a_good_page() -> None:
    cut = cut_records(page(*GOOD))
    assert records_of(cut) == GOOD
    assert cut.facets == {"typeContrat": {"CDI": 2}, "experience": {}}
    assert (cut.is_whole, cut.unknown) == (True, ())
    assert cut_records(page()) == ([], cut.facets, True, ())
    assert cut_records(b"") == ([], None, True, ())


@pytest.mark.parametrize(
    ("body", "is_whole", "count", "has_facets"),
    [
        (b"<html>", False, 0, False),
        (b"[]", False, 0, False),
        (b"{}", False, 0, False),
        (b"null", False, 0, False),
        (b"   ", False, 0, False),
        (b"\x00" * 40, False, 0, False),
        (b'"', False, 0, False),
        (b'{"resultats":{}}', False, 0, False),
        (b'{"resultats":null}', False, 0, False),
        (b'{"resultats":[', False, 0, False),
        (b'{"resultats":[{"id":}]}', True, 1, False),
        (b'{"codeErreur":"1","codeHttp":500,"message":"x"}', False, 0, False),
        (page(*GOOD).decode().encode("utf-16"), False, 0, False),
        (b"\xef\xbb\xbf" + page(*GOOD), True, 4, True),
        (page(*GOOD) + b"<!-- -->", True, 4, True),
        (page(*GOOD) + page(*GOOD), True, 4, True),
        (page(*GOOD).replace(b",", b" ,\r\n "), True, 4, True),
        (page(*GOOD[:3], b"", GOOD[3]), True, 4, True),
        (page(*GOOD, b""), True, 4, True),
        (page(*GOOD, b"NaN"), True, 5, True),
        (page(*GOOD, b"null", b"3", b'"x"', b"[]"), True, 8, True),
        (page(*GOOD)[:-1], True, 4, True),
        (page(*GOOD)[:-20], True, 4, False),
        (page(*GOOD)[: page(*GOOD).index(b"]")], False, 0, False),
        (page(*GOOD)[: page(*GOOD).index(b'"id":"0000003"')], False, 2, False),
        (page(*GOOD[:2]) + b'{"resultats":[', True, 2, True),
        (b'{"x":"\t","resultats":[' + GOOD[0] + b"]}", True, 1, False),
        (b'{"x":"a"b","resultats":[' + GOOD[0] + b"]}", True, 1, False),
        (b'{"filtresPossibles":[],"x":"\t","resultats":[' + GOOD[0] + b"]}", True, 1, True),
        (b'{"filtresPossibles":["a"b"],"resultats":[' + GOOD[0] + b"]}", True, 1, False),
        (b'{"x":{"resultats":[1,2]},"resultats":[' + GOOD[0] + b',{"x":"\t"}]}', True, 2, False),
        (b'{"x":"\t","y":"\\"resultats\\":[1]","resultats":[' + GOOD[0] + b"]}", True, 1, False),
    ],
)
def test_bodies(body: bytes, is_whole: bool, count: int, has_facets: bool) -> None:
    cut = cut_records(body)
    assert (cut.is_whole, len(cut.records), cut.facets is not None) == (
        is_whole,
        count,
        has_facets,
    )


def test_a_field_beside_the_records_is_named() -> None:
    cut = cut_records(b'{"resultats":[{"id":"1"}],"filtresPossibles":[],"suite":"/x"}')
    assert (records_of(cut), cut.unknown) == ([b'{"id":"1"}'], ("suite",))


@pytest.mark.parametrize(
    "facets",
    [
        None,
        {},
        [{"filtre": 1, "agregation": []}],
        [{"filtre": "x", "agregation": [{"valeurPossible": "1", "nbResultats": -1}]}],
        [{"filtre": "x", "agregation": [{"valeurPossible": "1", "nbResultats": 10**30}]}],
        [{"filtre": "x", "agregation": [{"valeurPossible": "1"}]}],
        [{"filtre": str(i), "agregation": []} for i in range(51)],
        [{"filtre": "x", "agregation": [{"valeurPossible": "1", "nbResultats": 1}] * 5_001}],
    ],
)
def test_facets_that_cannot_be_read(facets: Any) -> None:
    cut = cut_records(page(*GOOD, facets=facets))
    assert (cut.facets, len(cut.records), cut.is_whole) == (None, 4, True)


def test_a_facet_counted_in_text_is_read() -> None:
    facets = [{"filtre": "x", "agregation": [{"valeurPossible": "1", "nbResultats": "12"}]}]
    assert cut_records(page(facets=facets)).facets == {"x": {"1": 12}}


DEEP = b"[" * 2_000 + b"]" * 2_000
# what is written in place of the description -> whether the offer is read all the same
FAULTS = [
    (rb"fin \ud83d", True),
    (rb"\ude00 debut", True),
    (rb"\ud83d\ud83d", True),
    (rb"coupe \ud8", True),
    (rb"coupe \u", True),
    (b"un\tdeux", True),
    (b"un\ndeux\r", True),
    (b"\x00\x01\x1f", True),
    (rb"\x41", True),
    (rb"\x4", True),
    (rb"l\'offre", True),
    (rb"C:\Windows\users", True),
    (rb"\u{1F600}", True),
    (rb"\u{FFFFFFF}", True),
    (b"\\\t", True),
    ("\\é".encode(), True),
    (b"\xff\xfe", False),
    (b"\xed\xa0\xbd", False),
    (b'il dit "oui" et part', False),
    (b'5" de neige', False),
    (b'","competences":[],"langues":[],"x":[1,2,],"y":"', True),
    (b'","nombrePostes":NaN,"y":"', True),
    (b'","nombrePostes":-Infinity,"y":"', True),
    (b'","nombrePostes":1e999,"y":"', True),
    (b'","nombrePostes":' + b"9" * 400 + b',"y":"', True),
    (b'","nombrePostes":' + b"9" * 30 + b',"y":"', True),
    (b'","alternance":False,"y":"', True),
    (b'","codeNAF":undefined,"y":"', True),
    (b'","y":01000,"z":"', True),
    (b'","y":+1,"z":"', False),
    (b'","x":' + DEEP + b',"y":"', False),
    (b'","contact":' + DEEP + b',"y":"', False),
    (b'","x":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b',"y":"', False),
    (b'","x":' + b"[" * 100_000 + b',"y":"', False),
    (b'","x":[{"y":"', False),
    (b'"},"x":"', False),
    (b'"}],"x":"', False),
    (b'"]},"x":"', False),
    (b'",,"x":"', False),
    (b'","x","y":"', False),
    (b'","x":,"y":"', False),
    (b'" "x":"', False),
    (b"\\", False),
    (b'"', False),
    (b'","x":"},{\\"id\\":\\"9\\"', True),
    (b'","x":{"id":"9"},"y":"\t', True),
    (b'","x":[{"id":"9"},{"id":"8"}],"y":"\t', True),
    (b"<script>]}</script>", True),
]


@pytest.mark.parametrize(("fault", "is_read"), FAULTS)
@pytest.mark.parametrize("at", [0, 1, 3], ids=["first", "middle", "last"])
def test_a_fault_costs_one_record_at_most(fault: bytes, is_read: bool, at: int) -> None:
    records = list(GOOD)
    records[at] = numbered(at + 1, changed("description", "@")).replace(b"@", fault, 1)
    cut = cut_records(page(*records))
    assert cut.is_whole
    assert [record for record in records_of(cut) if record in GOOD] == GOOD[:at] + GOOD[at + 1 :]
    assert len(cut.records) == 4
    record = bytes(cut.records[at])
    assert record == records[at]
    assert identify(record) == f"{at + 1:07d}"
    assert stated_day(record) == "2026-11-18"
    offer_id, created, _ = sighting(record)
    assert (offer_id, created) == (f"{at + 1:07d}", WHOLE["dateCreation"])
    try:
        read_offer(record, Notes({}, {}))
    except ContractBreach:
        assert not is_read
    else:
        assert is_read


@pytest.mark.parametrize(
    ("record", "seen"),
    [
        (encode(SMALLEST), ("0123456", "2026-11-18T09:30:00.250Z", True)),
        (b'{"id":1251200,"dateCreation":"2026"}', ("1251200", "2026", True)),
        (b'{"dateCreation":"2026","id":"7"}', ("7", "2026", True)),
        (b'{"id":"7","dateCreation":9999}', ("7", None, True)),
        (b'{"id":"7"}', ("7", None, True)),
        (b'{"id":"7","dateCreation":"2026","x":"\t"}', ("7", "2026", True)),
        (b'{"id":"7","dateCreation":"2026","x":"a"b"}', ("7", "2026", False)),
        (b'{"x":"a"b","id":"7","dateCreation":"2026"}', ("without-id:", "2026", False)),
        (b'{"id":12}', ("without-id:", None, True)),
        (b'{"id":"","dateCreation":"2026"}', ("without-id:", "2026", True)),
        (b'{"id":"' + b"a" * 101 + b'"}', ("without-id:", None, True)),
        (b"{}", ("without-id:", None, True)),
        (b"null", ("without-id:", None, False)),
        (b"", ("without-id:", None, False)),
        (rb'{"id":"\ud83d"}', ("\ufffd", None, True)),
        (DEEP, ("without-id:", None, False)),
    ],
)
def test_sighting(record: bytes, seen: tuple[str, str | None, bool]) -> None:
    offer_id, created, is_json = sighting(record)
    stem = offer_id[:11] if offer_id.startswith("without-id:") else offer_id
    assert (stem, created, is_json) == seen
    assert len(offer_id) <= 100


def test_stand_ins_differ_as_their_records_do() -> None:
    assert sighting(b'{"a":1}')[0] == sighting(b'{"a":1}')[0] != sighting(b'{"a":2}')[0]
    assert len(sighting(b"{}")[0]) == len("without-id:") + 24


SHORT = SMALLEST | {
    "lieuTravail": {"libelle": "2A"},
    "competences": [{"code": "1", "libelle": "a"}, {"libelle": "b \\"}],
    "outilsBureautiques": ["x", "y"],
    "nombrePostes": 1,
    "alternance": True,
}
SHORTS = [numbered(number, SHORT) for number in range(1, 5)]
PAGE = page(*SHORTS)
SECOND = (PAGE.index(SHORTS[1]), PAGE.index(SHORTS[1]) + len(SHORTS[1]))


def cost(body: bytes) -> tuple[bool, list[bytes]]:
    """Whether a page is whole, and the untouched records that it lost."""
    cut = cut_records(body)
    left = records_of(cut)
    return cut.is_whole, [good for good in (SHORTS[0], *SHORTS[2:]) if good not in left]


@pytest.mark.parametrize(
    "byte", [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"x", b"\n", b"\xff", b""]
)
@pytest.mark.parametrize("width", [0, 1], ids=["inserted", "replaced"])
def test_any_byte_of_a_record_costs_that_record_at_most(byte: bytes, width: int) -> None:
    for at in range(*SECOND):
        body = PAGE[:at] + byte + PAGE[at + width :]
        assert cost(body) == (True, []), body[at - 40 : at + 40]
        assert len(cut_records(body).records) == 4, body[at - 40 : at + 40]


@given(
    st.integers(SECOND[0] + 1, SECOND[1]),
    st.integers(0, 30),
    st.binary(max_size=8) | st.text('"\\{}[],: x', max_size=8).map(str.encode),
)
@example(SECOND[0] + 1, 0, b"[")
@example(SECOND[1], 0, b"]}")
def test_a_piece_of_a_record_replaced(at: int, width: int, piece: bytes) -> None:
    """What ends the list costs what follows it, and says so or leaves fewer records than were announced."""
    body = PAGE[:at] + piece + PAGE[min(at + width, SECOND[1]) :]
    cut = cut_records(body)
    is_whole, lost = cost(body)
    # what has lost its own beginning is taken for the rest of the record before
    assert SHORTS[0] not in lost or at < SECOND[0] + len(b'{"id":')
    assert not lost or not is_whole or len(cut.records) < 4
    for record in records_of(cut):
        identify(record)
        sighting(record)
        try:
            read_offer(record, Notes({}, {}))
        except ContractBreach:
            continue


@given(st.integers(0, len(PAGE)))
def test_a_page_cut_short(length: int) -> None:
    cut = cut_records(PAGE[:length])
    end_of_list = PAGE.index(b'],"filtresPossibles"')
    assert cut.is_whole == (length == 0 or length > end_of_list)
    ends = [PAGE.index(good) + len(good) for good in SHORTS]
    # a record counts as ended with what follows it
    assert records_of(cut) == [good for good, end in zip(SHORTS, ends, strict=True) if end < length]


@given(st.binary(max_size=300) | st.text('"\\{}[],: \nresultatsid', max_size=300).map(str.encode))
def test_nothing_raises(body: bytes) -> None:
    for record in records_of(cut_records(b'{"resultats":[' + body)) + records_of(cut_records(body)):
        identify(record)
        sighting(record)


VALUES: list[tuple[str, Any, Any, str]] = [
    ("nombrePostes", "2", 2, "number_read"),
    ("nombrePostes", " 3 ", 3, "number_read"),
    ("nombrePostes", "2,0", 2, "number_read"),
    ("nombrePostes", 2.0, 2, "number_read"),
    ("nombrePostes", "", None, "null_removed"),
    ("nombrePostes", [4], 4, "list_unwrapped"),
    ("nombrePostes", ["4"], 4, "list_unwrapped number_read"),
    ("lieuTravail.latitude", "44.8", 44.8, "number_read"),
    ("lieuTravail.latitude", "44,8", 44.8, "number_read"),
    ("lieuTravail.latitude", "-21,3", -21.3, "number_read"),
    ("lieuTravail.latitude", "45", 45.0, "number_read"),
    ("lieuTravail.longitude", "", None, "null_removed"),
    ("lieuTravail.codePostal", 75015, "75015", "text_read"),
    ("lieuTravail.commune", 75056, "75056", "text_read"),
    ("lieuTravail.commune", 1004, "01004", "text_read"),
    ("entreprise.siret", 12345600011, "00012345600011", "text_read"),
    ("secteurActivite", 1, "01", "text_read"),
    ("romeLibelle", 12, "12", "text_read"),
    ("codeNAF", 10.71, "10.71", "text_read"),
    ("origineOffre.origine", 2, "2", "text_read"),
    ("origineOffre.origine", ["2"], "2", "list_unwrapped"),
    ("id", 1251200, "1251200", "text_read"),
    ("alternance", "true", True, "flag_read"),
    ("alternance", "False", False, "flag_read"),
    ("accessibleTH", 1, True, "flag_read"),
    ("accessibleTH", 0.0, False, "flag_read"),
    ("entreprise.entrepriseAdaptee", "0", False, "flag_read"),
    ("employeurHandiEngage", "", None, "null_removed"),
    ("description", ["une"], "une", "list_unwrapped"),
    ("description", [], None, "list_unwrapped"),
    ("contexteTravail.conditionsExercice", "Travail de nuit", ["Travail de nuit"], "list_wrapped"),
    ("outilsBureautiques", ["Tableur", None], ["Tableur"], "null_removed"),
    ("salaire.listeComplements.code", None, "", "null_removed"),
    ("salaire.listeComplements.code", 11, "11", "text_read"),
    ("competences.code", 110527, "110527", "text_read"),
    ("dateActualisation", "hier", None, "update_not_believed"),
    ("dateActualisation", 1763458200, None, "update_not_believed"),
    ("dateActualisation", "9999-99-99T00:00:00Z", None, "update_not_believed"),
    ("dateActualisation", "2026-11-18T10:00:00", None, "update_not_believed"),
]


def value_at(offer: Any, path: str) -> Any:
    at = msgspec.to_builtins(msgspec.convert(msgspec.to_builtins(offer), dict))
    for name in path.split("."):
        at = at.get(name)
        at = at[0] if isinstance(at, list) and at and isinstance(at[0], dict) else at
    return at


@pytest.mark.parametrize(("path", "written", "read", "repairs"), VALUES)
def test_a_value_of_another_type(path: str, written: Any, read: Any, repairs: str) -> None:
    told = Notes({}, {})
    offer = read_offer(encode(changed(path, written)), told)
    assert offer == msgspec.json.decode(encode(changed(path, read)), type=ApiOffer)
    assert told == Notes({}, dict.fromkeys(repairs.split(), 1))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"salaire": "", "entreprise": [], "lieuTravail": [{"libelle": "x"}]},
         {"lieuTravail": {"libelle": "x"}}),
        ({"competences": {"libelle": "Cuire"}}, {"competences": [{"libelle": "Cuire"}]}),
        ({"competences": "", "langues": {}}, {"competences": [], "langues": []}),
        ({"permis": [None, {"libelle": "B"}]}, {"permis": [{"libelle": "B"}]}),
        ({"lieuTravail": {"codePostal": 1004, "commune": "01004"}},
         {"lieuTravail": {"codePostal": "01004", "commune": "01004"}}),
        ({"lieuTravail": {"codePostal": 6000, "libelle": "06 - NICE"}},
         {"lieuTravail": {"codePostal": "06000", "libelle": "06 - NICE"}}),
        ({"lieuTravail": {"codePostal": 1000, "libelle": "BRUXELLES"}},
         {"lieuTravail": {"codePostal": "1000", "libelle": "BRUXELLES"}}),
    ],
)  # fmt: skip
def test_shapes_that_are_plain(written: Any, read: Any) -> None:
    plain = msgspec.json.decode(encode(SMALLEST | read), type=ApiOffer)
    assert read_offer(encode(SMALLEST | written), Notes({}, {})) == plain


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nombrePostes", "deux"), ("nombrePostes", "2.5"), ("nombrePostes", 2.5), ("nombrePostes", True),
        ("nombrePostes", 10**30), ("nombrePostes", [1, 2]), ("alternance", "oui"), ("alternance", 2),
        ("alternance", "vrai"), ("description", True), ("description", {"x": 1}), ("description", ["a", "b"]),
        ("competences", "Cuire"), ("competences", [3]), ("lieuTravail", "Paris"), ("lieuTravail", [{}, {}]),
        ("lieuTravail", {"latitude": "48° 50'"}), ("id", 123), ("id", 12512000), ("id", -251200),
        ("id", 1251200.0), ("id", None), ("id", []), ("intitule", ""), ("intitule", []), ("origineOffre", []),
        ("origineOffre", {"origine": "3" * 21}), ("dateCreation", "hier"), ("dateCreation", 1763458200),
        ("dateCreation", None), ("dateCreation", "2026-11-18"),
    ],
)  # fmt: skip
def test_what_is_not_plain_is_refused(field: str, value: Any) -> None:
    told = Notes({}, {})
    with pytest.raises(ContractBreach):
        read_offer(encode(SMALLEST | {field: value}), told)
    assert told.repairs == {}


@pytest.mark.parametrize(
    ("written", "read", "repairs"),
    [
        (rb"fin \ud83d", "fin \ufffd", ["surrogate_replaced"]),
        (rb"\ude00\ud83d\ude00", "\ufffd\U0001f600", ["surrogate_replaced"]),
        (rb"\\ud83d \ud83d", "\\ud83d \ufffd", ["surrogate_replaced"]),
        (rb"coupe \ud8", "coupe \ufffd", ["surrogate_replaced"]),
        (b"a\tb\nc\x01", "a\tb\nc\x01", ["control_escaped"]),
        (b"a\x00b", "ab", ["nul_removed"]),
        (rb"\x41\x00", "A", ["escape_read", "nul_removed"]),
        (rb"\u{1F600}\u{D800}", "\U0001f600\ufffd", ["escape_read"]),
        (rb"l\'un", "l'un", ["escape_read"]),
        (rb"C:\Windows\users\\x", r"C:\Windows\users\x", ["escape_read"]),
        (rb"\x4g \u", r"\x4g \u", ["escape_read"]),
        (b"\\\t", "\\\t", ["control_escaped", "escape_read"]),
        (b"d&eacute;j\t&agrave;", "déj\tà", ["control_escaped", "entities_decoded"]),
    ],
)
def test_texts_that_json_does_not_allow(written: bytes, read: str, repairs: list[str]) -> None:
    told = Notes({}, {})
    record = encode(SMALLEST | {"description": "@"}).replace(b"@", written)
    assert read_offer(record, told).description == read
    assert told.repairs == dict.fromkeys(repairs, 1)


@given(st.text())
def test_any_text_written_raw_is_read(text: str) -> None:
    """Raw but for quotes and backslashes, as a careless writer would."""
    text = text.encode(errors="replace").decode()
    written = text.replace("\\", "\\\\").replace('"', '\\"').encode()
    record = encode(SMALLEST | {"romeLibelle": "@"}).replace(b"@", written)
    if b"&" not in record:
        assert read_offer(record, Notes({}, {})).rome_libelle == text.replace("\0", "")


# but for objects that begin with an id inside a record: after a break they are taken for the next one
APART = [fault for fault, _ in FAULTS if b'{"id"' not in fault]


@settings(deadline=None)
@given(st.lists(st.integers(0, len(APART) - 1), min_size=1, max_size=4))
@example([34, 36])
def test_many_faults_on_one_page(chosen: list[int]) -> None:
    records = []
    for number, fault in enumerate(APART[at] for at in chosen):
        records.append(numbered(number, changed("description", "@")).replace(b"@", fault, 1))
        records.append(GOOD[0])
    body = page(*records)
    if is_json(body):  # one fault opened a list and another closed it: all between is one record
        assert len(cut_records(body).records) == len(json.loads(body)["resultats"])
        return
    cut = cut_records(body)
    assert cut.is_whole
    assert records_of(cut) == records


def is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def test_json_of_other_writers_is_cut_alike() -> None:
    body = json.dumps(
        {"filtresPossibles": FACETS, "resultats": [WHOLE, SMALLEST]}, indent=2
    ).encode()
    broken = body.replace(b'"Une personne"', b'"Une\tpersonne"')
    assert [json.loads(bytes(r)) for r in cut_records(body).records] == [WHOLE, SMALLEST]
    cut = cut_records(broken)
    assert [identify(bytes(r)) for r in cut.records] == ["0123456", "0123456"]
    assert cut.facets == cut_records(body).facets


REAL_OFFERS = Path(
    os.environ.get(
        "JOBMARKET_REAL_OFFERS",
        Path(__file__).parents[4] / "shared" / "data" / "france_travail_offers.jsonl.gz",
    )
)


@pytest.mark.skipif(
    not REAL_OFFERS.exists(),
    reason=f"no file of real offers: {REAL_OFFERS} (JOBMARKET_REAL_OFFERS)",
)
def test_real_offers_are_cut_from_a_broken_page_and_need_no_repair() -> None:
    with gzip.open(REAL_OFFERS) as lines:
        records = [line.strip() for line in lines]
    assert len(records) == 4_893
    told = Notes({}, {})
    for first in range(0, len(records), 150):
        written = records[first : first + 150]
        for body in (page(*written), page(*written, b'{"id":"x","y":"a"b"}')):
            cut = cut_records(body)
            assert cut.is_whole
            assert records_of(cut)[: len(written)] == written
        for record in written:
            offer = read_offer(record, told)
            seen, created, is_json = sighting(record)
            assert identify(record) == offer.id == seen
            assert is_json
            assert created is not None
            assert created.startswith(str(offer.date_creation.date()))
    assert told.drift == {}
    assert set(told.repairs) == {"entities_decoded", "emails_masked", "phones_masked"}
