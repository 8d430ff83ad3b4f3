"""The dictionary of technologies: reads ``include/reference/technology.toml`` and says what is wrong in it.

What lives here: the rules as a person writes them, checked. What does not: how a text is searched with
them (``technology``) and what an edit of the file changes (``technology_change``).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.paths import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = REFERENCE / "technology.toml"

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WORD_CHARACTERS = frozenset(filter(str.isalnum, map(chr, range(256))))


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One technology, as its line of the file says.

    :param label: as a reader of the report knows it.
    :param names: count however they are written; the label, if nothing else is given.
    :param cased: count when written exactly so, else as ``guarded``.
    :param guarded: count only if something of ``near`` stands within reach.
    :param near: categories and contexts that prove a guarded name.
    :param unless: contexts that refute every name.
    :param also: codes of technologies that are named with this one.
    :param traps: phrases that hold a name and mean something else.
    :param within: the reach of ``near`` and ``unless``, in characters on each side.
    :param pairs: a guarded name beside another such in a list is proved by it.
    """

    label: str
    names: tuple[str, ...] = ()
    cased: tuple[str, ...] = ()
    guarded: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    within: int = 60
    pairs: bool = False

    @property
    def any_case(self) -> tuple[str, ...]:
        """The names that need no proof; the label where the entry gives no name at all."""
        return self.names if self.names or self.cased or self.guarded else (self.label,)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name and trap, in the order of the file."""
        return (*self.any_case, *self.cased, *self.guarded, *self.traps)


class OwnerWords(Struct, frozen=True, forbid_unknown_fields=True):
    """Single words, in lower case, that make somebody's name of what stands beside them.

    :param companies: before a company's name: "société".
    :param persons: before a person's: "mme".
    :param streets: before a street's, perhaps with words between: "rue".
    :param doubtful_streets: the same, behind a number: "12 place".
    :param behind: after a company's name: "france".
    """

    companies: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    doubtful_streets: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


class Dictionary(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file.

    :param denials_behind: phrases that void the names before them: "n'est pas exigé".
    :param denials: single words that void the name right behind: "ni".
    :param denial_fillers: single words that may stand between: "ni la maîtrise d'Excel".
    :param asks: beginnings of words before which a name is a technology, whoever else bears it.
    :param owners: words that make a company, a street or a person of the name beside them.
    :param categories: code of a category to its French label.
    :param refusals: phrases that void the names after them in their sentence.
    :param contexts: name of a subject to beginnings of words that tell it.
    :param technologies: code of a category to its technologies by code.
    """

    refusals: tuple[str, ...]
    categories: dict[str, str]
    contexts: dict[str, tuple[str, ...]]
    technologies: dict[str, dict[str, Entry]]
    denials_behind: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    denial_fillers: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    owners: OwnerWords = OwnerWords()

    def entries(self) -> Iterator[tuple[str, str, Entry]]:
        """Yield category, code and entry of every technology, in the order of the file."""
        for category, entries in self.technologies.items():
            for code, entry in entries.items():
                yield category, code, entry


@cache
def dictionary() -> Dictionary:
    """Return the dictionary of the project, read once."""
    return read_dictionary(FILE)


def read_dictionary(file: Path) -> Dictionary:
    """Return the dictionary in a file.

    Raise :class:`ConfigurationError` with one sentence a mistake if the file is not a good dictionary.
    """
    try:
        return parse_dictionary(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            f"Expected the dictionary of technologies at {file}, but there is no such file: "
            f"deploy include/ beside plugins/."
        ) from None
    except ConfigurationError as error:
        raise ConfigurationError(f"{file}: {error} Correct the file.") from None


def parse_dictionary(text: str) -> Dictionary:
    """Return the dictionary that a text in TOML is.

    Raise :class:`ConfigurationError` with one sentence a mistake.
    """
    try:
        found = msgspec.convert(tomllib.loads(text), Dictionary)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigurationError(f"not a dictionary of technologies: {error}.") from None
    mistakes = [*_mistakes(found)]
    if mistakes:
        raise ConfigurationError(" ".join(mistakes))
    return found


def spelled(name: str) -> str:
    """Return what two spellings of one name share: lower case, one space for a run of blanks."""
    return " ".join(name.lower().split())


def _mistakes(found: Dictionary) -> Iterator[str]:
    if not any(found.technologies.values()):
        yield "There is no technology in the file: put the entries back."
    for category in found.technologies:
        if category not in found.categories:
            yield f"Unknown category {category!r}: add it to [categories], or mend its name."
    if not all(map(_has_word, (*found.refusals, *found.denials_behind))):
        yield "A refusal has no letter or digit that Latin-1 has: take it out."
    yield from _mistakes_of_words(found)
    yield from _mistakes_of_contexts(found)
    known = {code for _, code, _ in found.entries()}
    owners: dict[str, tuple[str, bool]] = {}
    codes: dict[str, str] = {}
    for category, code, entry in found.entries():
        if code in codes:
            yield f"Code {code!r} stands in both {codes[code]} and {category}: a code is used once."
        codes[code] = category
        yield from (
            f"{code}: also has {other!r}, which is no technology of the file."
            for other in entry.also
            if other not in known
        )
        yield from (f"{code}: {mistake}" for mistake in _mistakes_of_entry(code, entry, found))
        yield from (f"{code}: {mistake}" for mistake in _shared_names(code, entry, owners))


def _mistakes_of_words(found: Dictionary) -> Iterator[str]:
    lists = {"denials": found.denials, "denial_fillers": found.denial_fillers}
    lists |= {
        f"owners.{name}": words for name, words in msgspec.structs.asdict(found.owners).items()
    }
    for name, words in lists.items():
        for word in words:
            if word.split() != [word] or word != word.lower():
                yield f"{name} has {word!r}: expected one word in lower case."
    if not all(word.strip() for word in found.asks):
        yield "asks holds an empty word: take it out."


def _mistakes_of_contexts(found: Dictionary) -> Iterator[str]:
    for context, words in found.contexts.items():
        if context in found.categories:
            yield f"Context {context!r} has the name of a category: give it another."
        if not words or not all(word.strip() for word in words):
            yield f"Context {context!r} is empty or holds an empty word: a context is words."


def _mistakes_of_entry(code: str, entry: Entry, found: Dictionary) -> Iterator[str]:
    if not _CODE.fullmatch(code):
        yield "a code is lower-case letters, digits and single hyphens."
    if not entry.label.strip():
        yield "the label is empty."
    else:
        for name in entry.spellings:
            if not _has_word(name):
                yield f"{name!r} is no name or trap: it has no letter or digit that Latin-1 has."
    if not 1 <= entry.within <= 500:
        yield f"within is {entry.within}, expected 1 to 500 characters."
    yield from _mistakes_of_proof(entry, found)


def _has_word(text: str) -> bool:
    # the search reads all else as blanks, and blanks are everywhere
    return not _WORD_CHARACTERS.isdisjoint(text)


def _mistakes_of_proof(entry: Entry, found: Dictionary) -> Iterator[str]:
    for subject in entry.near:
        if subject not in found.contexts and subject not in found.categories:
            yield f"near has {subject!r}, which is neither a category nor a context."
    for subject in entry.unless:
        if subject not in found.contexts:
            yield f"unless has {subject!r}, which is not a context."
    if entry.guarded and not entry.near:
        yield "a guarded name needs near: say what proves it."
    if entry.near and not (entry.guarded or entry.cased):
        yield "near proves nothing without a cased or guarded name: take it out."


def _shared_names(code: str, entry: Entry, owners: dict[str, tuple[str, bool]]) -> Iterator[str]:
    """Yield what is written twice; ``owners`` remembers the names of the entries before."""
    own: dict[str, str] = {}
    traps = {*map(spelled, entry.traps)}
    for name in entry.spellings:
        first = own.setdefault(spelled(name), name)
        # "iOS" and "IOS" are two ways to write one cased name
        if first is not name and not {first, name} <= {*entry.cased}:
            yield f"{name!r} repeats {first!r}: write a name once."
    for name in own:
        # two entries may fear the same phrase; only a name belongs to one
        is_trap = name in traps
        owner, was_trap = owners.setdefault(name, (code, is_trap))
        if owner != code and not (is_trap and was_trap):
            yield f"{name!r} also stands at {owner}: keep it in one."
