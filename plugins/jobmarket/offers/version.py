"""The version of all that reads an offer of a source: a number that changes when its meaning does.

What lives here: which code and which files take part, and their fingerprint. What does not: which rows a new
version makes a load read again (``load``).

Code takes part that the reader of the source or ``conclude`` reaches by imports within this package:
contract, mapping, mending, mask of contacts, rules, schema. Of a file of ``include/reference`` its bytes take
part if such code names it. Nothing is listed by hand, so nothing can be forgotten. Of code its syntax tree
counts, without docstrings: comments and layout change nothing. A tree may look otherwise in another version
of Python; then offers are read once more, and come out the same.

To parse all that takes a fifth of a second, so a load looks at the bytes of the files first, a few
milliseconds, and asks the warehouse what a load before it has found in the same (``control.reader_version``).
"""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import xxhash

from jobmarket.foundation.paths import REFERENCE
from jobmarket.offers import conclude

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.offers.reading import Reader
    from jobmarket.offers.writer import Writer

_PACKAGE = Path(__file__).parents[1]


def current_version(writer: Writer, reader: Reader) -> int:
    """Return the version that reads now; keep it in the warehouse if these files are new there.

    :param writer: in the transaction of a load.
    """
    module, files = type(reader).__module__, files_hash()
    known = writer.rules_of_files(module, files)
    if known is not None:
        return known
    version = version_of(module)
    writer.remember_rules(module, files, version)
    return version


@cache
def files_hash() -> bytes:
    """Return the XXH3-128 of all files that may take part and of Python's version, made once a process."""
    digest = xxhash.xxh3_128(repr(sys.version_info[:2]).encode())
    for root, pattern in ((_PACKAGE, "*.py"), (REFERENCE, "*.*")):
        for path in sorted(root.rglob(pattern)):
            digest.update(f"{path.name}\0".encode())
            digest.update(xxhash.xxh3_128_digest(path.read_bytes()))
    return digest.digest()


@cache
def version_of(reader: str) -> int:
    """Return the version of what reads the offers of a source, a signed 32-bit number.

    :param reader: module of its reader; raises :class:`ValueError` if it is not of this package.
    """
    digest = xxhash.xxh32()
    named: set[str] = set()
    for name, tree in sorted(_modules(reader, conclude.__name__).items()):
        digest.update(f"{name}\0{ast.dump(tree)}\0".encode())
        named.update(_texts(tree))
    for path in sorted(REFERENCE.iterdir()):
        if path.name in named:
            digest.update(f"{path.name}\0".encode() + _content(path))
    return digest.intdigest() - 2**31


def _modules(*roots: str) -> dict[str, ast.Module]:
    """Return the modules of this package that are reached by imports from the roots, and the roots.

    Raise :class:`ValueError` if a root is none of them: nobody would see what it reads.
    """
    found: dict[str, ast.Module] = {}
    open_names = [*roots]
    for name in roots:
        if _path_of(name) is None:
            raise ValueError(f"Expected a module of the package {_PACKAGE.name}, got {name!r}")
    while open_names:
        name = open_names.pop()
        path = _path_of(name)
        if path is None or name in found:
            continue
        tree = found[name] = _meaning(ast.parse(_content(path)))
        open_names += _imported(tree)
        open_names.append(name.rpartition(".")[0])  # a package is imported before what is in it
    return found


def _path_of(name: str) -> Path | None:
    """Return the file of a module of this package; None if there is none of that name."""
    package, *parts = name.split(".")
    if package != _PACKAGE.name:
        return None
    path = _PACKAGE.joinpath(*parts)
    candidates = (path / "__init__.py", path.with_name(f"{path.name}.py"))
    return next((file for file in candidates if file.is_file()), None)


def _imported(tree: ast.Module) -> Iterator[str]:
    """Yield what a module imports, wherever in it: names that may be modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _meaning(tree: ast.Module) -> ast.Module:
    """Take out of a tree what does nothing when it runs: docstrings, and what is for type checkers alone."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not _is_idle(one)]  # type: ignore[attr-defined]
    return tree


def _is_idle(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=[]):
            return True
    return False


def _texts(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _content(path: Path) -> bytes:
    """Return the bytes of a file; how its lines end does not count."""
    return path.read_bytes().replace(b"\r\n", b"\n")
