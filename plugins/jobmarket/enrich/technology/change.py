"""What an edit of the dictionary of technologies changes: matches gained and lost on given texts.

    git show HEAD:include/reference/technology.toml > before.toml
    python -m jobmarket.enrich.technology.change before.toml offers.jsonl.gz

What lives here: the comparison and its command. What does not: the search (``technology``). The texts are
offers as the source gives them, one JSON object a line, or plain sentences, one a line.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jobmarket.enrich.technology.dictionary import FILE, read_dictionary
from jobmarket.enrich.technology.search import Searcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jobmarket.enrich.technology.dictionary import Dictionary

_EXCERPT_REACH = 40


class Change(NamedTuple):
    """A technology that one edition of the dictionary finds in a text and the other does not.

    :param code: of the technology.
    :param is_gained: found after, not before.
    :param text_id: of the text.
    :param excerpt: the first place that names it, in brackets, with what stands around.
    """

    code: str
    is_gained: bool
    text_id: str
    excerpt: str


def changes(
    before: Dictionary, after: Dictionary, texts: Iterable[tuple[str, str]]
) -> list[Change]:
    """Return what differs between two editions, sorted by technology.

    :param texts: the id and the words of each text.
    """
    old, new = Searcher(before), Searcher(after)
    found = []
    for text_id, text in texts:
        places_before, places_after = _places(old, text), _places(new, text)
        for code in places_after.keys() - places_before.keys():
            found.append(Change(code, True, text_id, places_after[code]))
        for code in places_before.keys() - places_after.keys():
            found.append(Change(code, False, text_id, places_before[code]))
    return sorted(found)


def report(found: Sequence[Change]) -> Iterator[str]:
    """Yield the lines that show changes to a person: each technology with its texts."""
    for (code, is_gained), group in groupby(found, key=lambda change: change[:2]):
        texts = [*group]
        yield f"{'gained' if is_gained else 'lost'} {code} {len(texts)}"
        yield from (f"    {change.text_id}  {change.excerpt}" for change in texts)
    if not found:
        yield "No match changes."


def texts_of(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the id and the words of each line of a file: an offer in JSON, or a sentence."""
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.startswith("{"):
                offer = json.loads(line)
                skills = [skill.get("libelle") for skill in offer.get("competences") or ()]
                words = (offer.get("intitule"), offer.get("description"), *skills)
                yield str(offer["id"]), "\n".join(word for word in words if word)
            elif line.strip():
                yield str(number), line.strip()


def _places(searcher: Searcher, text: str) -> dict[str, str]:
    """Return each technology of a text with the first place that names it."""
    found: dict[str, str] = {}
    for code, start, end in searcher.matches(text):
        left, right = text[max(0, start - _EXCERPT_REACH) : start], text[end : end + _EXCERPT_REACH]
        found.setdefault(code, " ".join(f"{left}[{text[start:end]}]{right}".split()))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Show on the standard output what changes between a former dictionary and the present one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before", type=Path, help="the former dictionary")
    parser.add_argument("texts", type=Path, help="offers (JSON lines) or sentences, perhaps .gz")
    parser.add_argument("--after", type=Path, default=FILE, help="the dictionary, if not the own")
    given = parser.parse_args(arguments)
    found = changes(
        read_dictionary(given.before), read_dictionary(given.after), texts_of(given.texts)
    )
    sys.stdout.writelines(f"{line}\n" for line in report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
