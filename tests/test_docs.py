"""The guides name files: each is there, so that a move cannot leave a guide behind."""

from __future__ import annotations

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
