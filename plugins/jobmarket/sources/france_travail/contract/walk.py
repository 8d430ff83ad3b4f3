"""The way through a page that is not JSON, token by token, to where each record begins and ends. Pure.

What lives here: strings, scalars and brackets in their order, and how to go on where they make no sense. What
does not: pages that are JSON, and what a record is (``records``).

Where the tokens of a record make no sense, it ends where the next one begins (the source writes ``id`` first)
or the list does; so only what breaks the list itself leaves records that cannot be told apart. After such a
break an object within a record that begins with an id counts as the next record; the source sends none.
"""

from __future__ import annotations

import re
from contextlib import suppress
from enum import Enum, auto

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# A string, whatever its escapes; a bracket, comma or colon; anything else up to one of these.
_token = re.compile(
    rb'\s*+("[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]|[^\s"{}\[\],:]++)', re.DOTALL
).match
# Inside a string a quote is escaped, so that neither can stand in a text of the source.
_boundary = re.compile(
    rb',\s*+(?=\{\s*+"id"\s*+:)|\](?=\s*+(?:,\s*+"filtresPossibles"\s*+:|\}\s*+\Z))'
).search
_list_of_records = re.compile(rb'"resultats"\s*+:\s*+\[').search
_begins_record = re.compile(rb'\{\s*+"id"\s*+:').match
_begins_like_a_record = re.compile(rb',?[^,]{0,60}?"id"\s*+:').match
_BEHIND_LIST = (b"", b"}", b'"filtresPossibles"')

_QUOTE, _COMMA, _COLON = b'",:'
_OBJECT, _OBJECT_END, _LIST, _LIST_END = b"{}[]"
_CLOSER_OF = {_OBJECT: _OBJECT_END, _LIST: _LIST_END}


class _Due(Enum):
    """What the next token must be."""

    KEY = auto()
    COLON = auto()
    VALUE = auto()
    COMMA = auto()


class _BrokenError(Exception):
    """From ``at`` on the tokens make no sense."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class Walk:
    """The way through one body.

    :param body: of the search endpoint.
    """

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._records: list[bytes] | None = None
        self._facets: bytes | None = None
        self._is_whole = False
        self._is_wary = False  # after a break: what begins like a record inside one is the next one

    def cut(self) -> tuple[list[bytes], bytes | None, bool]:
        """Return the records, the bytes of the facets, and whether all records can be told apart."""
        begin = len(_BYTE_ORDER_MARK) if self._body.startswith(_BYTE_ORDER_MARK) else 0
        try:
            self._walk_fields(self._behind(begin, _OBJECT))
        except _BrokenError as broken:
            found = _list_of_records(self._body, broken.at) if self._records is None else None
            if found:
                with suppress(_BrokenError):
                    self._walk_fields(self._behind_comma(self._cut_list(found.end())))
        return self._records or [], self._facets, self._is_whole

    def _walk_fields(self, at: int | None) -> None:
        """Walk the fields of the body from the one that begins at ``at``; keep the two that matter."""
        while at is not None:
            first, begin, end = self._next(at)
            at = self._behind(end, _COLON)
            if first != _QUOTE:
                raise _BrokenError(begin)
            key = self._body[begin:end]
            first, begin, end = self._next(at)
            if key == b'"resultats"' and first == _LIST:
                end = self._cut_list(end)
            else:
                end = self._end_of_value(begin)
                if key == b'"filtresPossibles"':
                    self._facets = self._body[begin:end]
            at = self._behind_comma(end)

    def _cut_list(self, at: int) -> int:
        """Cut the list that begins before ``at``; return its end. Raise :class:`_BrokenError` without one."""
        self._records, self._is_whole = [], False
        last = at
        while True:
            first, begin, end = self._next(at)
            if first == _LIST_END and self._is_end_of_list(end):
                self._is_whole = True
                return end
            try:
                end, at, is_last = self._end_of_record(first, begin)
            except _BrokenError:
                end, at, is_last = self._end_by_sight(begin)
                # what does not begin like a record is the rest of the one before, which ended too early
                is_rest = first != _OBJECT and self._body.find(b'"', begin, end) >= 0
                is_rest &= not _begins_like_a_record(self._body, begin, end)
                if is_rest and self._records:
                    self._records.pop()
                    begin = last
            if begin < end:
                self._records.append(self._body[begin:end])
                last = begin
            if is_last:
                self._is_whole = True
                return at

    def _end_of_record(self, first: int, begin: int) -> tuple[int, int, bool]:
        """Return the end of a record, where to go on, and whether the list ends there."""
        if first != _OBJECT and _begins_like_a_record(self._body, begin):
            raise _BrokenError(begin)
        end = self._end_of_value(begin)
        first, begin, at = self._next(end)
        is_last = first == _LIST_END and self._is_end_of_list(at)
        if first != _COMMA and not is_last:
            raise _BrokenError(begin)
        return end, at, is_last

    def _end_by_sight(self, begin: int) -> tuple[int, int, bool]:
        """Return the same for a record of which the tokens make no sense."""
        found = _boundary(self._body, begin)
        if not found:
            raise _BrokenError(begin)
        self._is_wary = True
        return found.start(), found.end(), found[0] == b"]"

    def _is_end_of_list(self, at: int) -> bool:
        """Whether what follows a ``]`` is what may follow the list of records."""
        token = _token(self._body, at)
        if not token:
            return not self._body[at:].strip()
        if self._body[token.start(1)] == _COMMA:
            token = _token(self._body, token.end())
            key = token[1] if token else b""
            # a field of a record that lost its end looks like one of the page
            is_field = token is not None and key.startswith(b'"')
            return key in _BEHIND_LIST or (is_field and not _boundary(self._body, at))
        return self._body[token.start(1)] == _OBJECT_END

    def _behind_comma(self, at: int) -> int | None:
        first, begin, end = self._next(at)
        if first not in (_COMMA, _OBJECT_END):
            raise _BrokenError(begin)
        return end if first == _COMMA else None

    def _behind(self, at: int, expected: int) -> int:
        first, begin, end = self._next(at)
        if first != expected:
            raise _BrokenError(begin)
        return end

    def _next(self, at: int) -> tuple[int, int, int]:
        """Return the first byte of the next token, its begin and its end."""
        token = _token(self._body, at)
        if not token:
            raise _BrokenError(at)
        begin, end = token.span(1)
        return self._body[begin], begin, end

    def _end_of_value(self, at: int) -> int:
        """Return the end of the value that begins at ``at``, brackets matched and commas in their places."""
        closers = bytearray()  # of what is open
        due = _Due.VALUE
        while True:
            first, begin, at = self._next(at)
            is_next_record = self._is_wary and closers and _begins_record(self._body, begin)
            after = None if is_next_record else _after(due, first, closers)
            if after is None:
                raise _BrokenError(begin)
            if not closers:
                return at
            due = after


def _after(due: _Due, first: int, closers: bytearray) -> _Due | None:
    """Return what is due after a token, None if the token makes no sense; open and close what it does.

    An end right after a comma is let pass.

    :param first: its first byte.
    :param closers: of what is open, the innermost last.
    """
    if first in (_OBJECT_END, _LIST_END):
        is_open = closers[-1:] == bytes((first,))
        if not is_open or due is _Due.COLON or (due is _Due.VALUE and first == _OBJECT_END):
            return None
        closers.pop()
        return _Due.COMMA
    inside = _Due.KEY if closers[-1:] == b"}" else _Due.VALUE
    if first == _COMMA:
        return inside if due is _Due.COMMA else None
    if first == _COLON:
        return _Due.VALUE if due is _Due.COLON else None
    if due is _Due.KEY:
        return _Due.COLON if first == _QUOTE else None
    if due is not _Due.VALUE:
        return None
    if first in _CLOSER_OF:
        closers.append(_CLOSER_OF[first])
        return _Due.KEY if first == _OBJECT else _Due.VALUE
    return _Due.COMMA
