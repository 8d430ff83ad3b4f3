"""Guides and docstrings name files and modules: each is there, so that a move cannot leave them behind."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
ROOMS = REPOSITORY / "plugins" / "jobmarket"
GUIDES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]

# what is in backticks and looks like a path of the repository: a folder, or a file with a known ending
_QUOTED = re.compile(r"`([\w./*-]+)`")
_FOLDERS = tuple(
    f"{path.name}/"
    for root in (REPOSITORY, ROOMS)
    for path in root.iterdir()
    if path.is_dir() and not path.name.startswith((".", "__"))
)

# what the docstring of a module lists, a line each, or names in brackets: "What does not: … (``name``)"
_LISTED = re.compile(r"^    ([a-z_]+\.py|[a-z_]+/) {2,}", re.MULTILINE)
_IN_BRACKETS = re.compile(r"\(``([\w./]+)``\)")
_SCHEMAS = ("control.", "core.", "mart.")  # a table is no file
MODULES = sorted(
    path for name in ("plugins", "sandbox", "local") for path in (REPOSITORY / name).rglob("*.py")
)
PLACES = [
    f"/{path.relative_to(REPOSITORY)}/"
    for name in ("plugins", "sandbox", "local", "include", "dags", "tests")
    for path in (REPOSITORY / name).rglob("*")
    if "__pycache__" not in path.parts
]


def named_paths(text: str) -> list[str]:
    """Return the paths that a guide names."""
    return [path for path in _QUOTED.findall(text) if path.startswith(_FOLDERS)]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_each_path_that_a_guide_names_is_there(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    missing = [
        path
        for path in named_paths(text)
        if not any(list(root.glob(path.rstrip("/"))) for root in (REPOSITORY, ROOMS))
    ]
    assert not missing


def test_the_table_of_changes_names_paths_in_every_row() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    table = text.split("## Where do I change …?")[1].split("\n\n")[2]
    rows = table.splitlines()[2:]
    assert len(rows) > 10
    assert [row for row in rows if not named_paths(row)] == []


def _is_there(name: str) -> bool:
    """Tell whether a file, a folder or a module of the project is called so, or its path ends so."""
    path = name if "/" in name or name.endswith((".py", ".sql")) else name.replace(".", "/")
    return any(
        f"/{path.strip('/')}{suffix}/" in place for place in PLACES for suffix in ("", ".py")
    )


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_what_a_docstring_says_lives_elsewhere_is_there(module: Path) -> None:
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    named = [*_LISTED.findall(text), *_IN_BRACKETS.findall(text)]
    named = [name for name in named if not name.startswith(_SCHEMAS)]
    assert [name for name in named if not _is_there(name)] == []
