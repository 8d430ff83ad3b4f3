"""The values of search parameters, checked as the API checks them, with its French texts.

What lives here: one method per shape of value. What does not: which parameter has which shape
(``query``). Texts that were never seen follow the two patterns of those that were.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from sandbox.answers import ApiError
from sandbox.offers.columns import EPOCH
from sandbox.offers.keywords import normalised

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Mapping

MAX_KEYWORDS = 7
_DATE = "%Y-%m-%dT%H:%M:%SZ"
_CLOCK = re.compile(r"(\d{1,2})([0-5]\d)")
_NUMBER = re.compile(r"\d{1,9}([.,]\d{1,9})?")


class Parameters:
    """The parameters of one request.

    Every method treats an absent or empty value as "not asked", and raises
    :class:`sandbox.answers.ApiError` for one that the API refuses.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """Return the value if it is one of a few, None if absent."""
        value = self._get(name)
        if value is not None and value not in allowed:
            raise bad_format(name, f"{_either(allowed)} attendu")
        return value

    def listed(self, name: str, allowed: tuple[str, ...]) -> frozenset[str]:
        """Return comma-separated values, each one of a few that the error text names."""
        values = self._split(name)
        if not values <= set(allowed):
            raise bad_format(name, f"{_either(allowed)} attendu")
        return values

    def many(
        self, name: str, known: Container[str], most: int | None = None, plural: str = ""
    ) -> frozenset[str]:
        """Return comma-separated codes.

        :param known: anything that knows ``in``.
        :param most: how many codes are allowed, None for any number.
        :param plural: what the codes are called in the error text; the parameter's name if empty.
        """
        codes = self._split(name)
        if most is not None and len(codes) > most:
            what = plural or name
            raise ApiError(f"Le nombre de {what} maximum autorisé pour la recherche est de {most}")
        if not all(code in known for code in codes):
            raise bad_value(name)
        return codes

    def single(self, name: str, known: Collection[str]) -> frozenset[str]:
        """Return one code as a set, empty if absent."""
        value = self._get(name)
        if value is None:
            return frozenset()
        if value not in known:
            raise bad_value(name)
        return frozenset({value})

    def words(self, name: str) -> frozenset[str]:
        """Return comma-separated names, not checked."""
        return self._split(name)

    def boolean(self, name: str) -> bool | None:
        """Return a truth value, None if absent."""
        value = self._get(name)
        if value is None:
            return None
        if value.lower() not in ("true", "false"):
            raise bad_format(name, "Booléen attendu")
        return value.lower() == "true"

    def number(self, name: str, default: float = 0) -> float:
        """Return a number that is not negative."""
        value = self._get(name)
        if value is None:
            return default
        if not _NUMBER.fullmatch(value):
            raise bad_format(name, "Nombre attendu")
        return float(value.replace(",", "."))

    def months(self, name: str) -> float | None:
        """Return a length in months, 0 to 99."""
        if self._get(name) is None:
            return None
        value = self.number(name)
        if value > 99:
            raise bad_format(name, "Nombre entre 0 et 99 attendu")
        return value

    def clock(self, name: str) -> float | None:
        """Return ``HHMM`` as minutes."""
        value = self._get(name)
        if value is None:
            return None
        found = _CLOCK.fullmatch(value)
        if not found:
            raise bad_format(name, "HHMM attendu")
        return int(found[1]) * 60 + int(found[2])

    def keywords(self, name: str) -> tuple[str, ...]:
        """Return normalised words, at most 7 of at least 2 characters."""
        value = self._get(name)
        if value is None:
            return ()
        words = [word.strip() for word in value.split(",")]
        if len(words) > MAX_KEYWORDS or any(len(word) < 2 for word in words):
            raise bad_format(
                name, "7 mots-clé au maximum séparés par des virgules et d'au moins 2 caractères"
            )
        return tuple(normalised(word) for word in words)

    def together(self, first: str, second: str) -> None:
        """Refuse one of two parameters without the other."""
        if (self._get(first) is None) != (self._get(second) is None):
            raise ApiError(
                f"Les paramètres {first} et {second} sont dépendants et doivent être renseignés ensemble."
            )

    def dates(self, first: str, last: str) -> tuple[int, int] | None:
        """Return two dates as naive seconds since 1970, None if both are absent."""
        self.together(first, last)
        if self._get(first) is None:
            return None
        low, high = self._date(first), self._date(last)
        if low > high:
            raise bad_value(first)
        return low, high

    def _date(self, name: str) -> int:
        value = self._get(name) or ""
        try:
            found = datetime.strptime(value, _DATE)  # noqa: DTZ007  # its Z is false
        except ValueError:
            found = EPOCH
        # strptime alone also takes 2026-1-5
        if found.strftime(_DATE) != value:
            raise bad_format(name, "yyyy-MM-dd'T'HH:mm:ss'Z' attendu")
        return int((found - EPOCH).total_seconds())

    def _get(self, name: str) -> str | None:
        return self._values.get(name, "").strip() or None

    def _split(self, name: str) -> frozenset[str]:
        value = self._get(name)
        return frozenset(part.strip() for part in value.split(",")) if value else frozenset()


def bad_format(name: str, expected: str) -> ApiError:
    """Return the error of a value of the wrong shape."""
    return ApiError(f"Format du paramètre « {name} » incorrect. {expected}.")


def bad_value(name: str) -> ApiError:
    """Return the error of a code that does not exist."""
    return ApiError(f"Valeur du paramètre « {name} » incorrecte.")


def _either(values: tuple[str, ...]) -> str:
    return f"{', '.join(values[:-1])} ou {values[-1]}"
