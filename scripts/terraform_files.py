"""What the Terraform files of ``infra`` say, read as text: blocks by their address, and simple attributes.

Enough to draw and to count what is there without Terraform; what is valid is Terraform's to say
(``tests/infra/test_terraform.py``).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

INFRA = Path(__file__).parents[1] / "infra"
_RESOURCE = re.compile(r'^resource "(\w+)" "(\w+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
_ATTRIBUTE = re.compile(r"^  (\w+) += (.+)$", re.MULTILINE)


def resources(folder: Path = INFRA) -> dict[str, dict[str, str]]:
    """Return the attributes of each resource as they are written, by address: ``aws_kms_key.data``.

    Attributes of nested blocks are not among them.
    """
    found: dict[str, dict[str, str]] = {}
    for file in sorted(folder.glob("*.tf")):
        for kind, name, body in _RESOURCE.findall(file.read_text(encoding="utf-8")):
            found[f"{kind}.{name}"] = dict(_ATTRIBUTE.findall(body))
    return found


def sizes(folder: Path = INFRA) -> dict[str, Any]:
    """Return what each size is made of."""
    told: dict[str, Any] = json.loads((folder / "sizes.json").read_text(encoding="utf-8"))
    return told


def policy(name: str, folder: Path = INFRA) -> list[dict[str, Any]]:
    """Return the statements of a policy document, not rendered."""
    text = (folder / "policies" / f"{name}.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["Statement"]
    return found


def names_in(file: str, local: str, folder: Path = INFRA) -> list[str]:
    """Return the keys of a map, or the words of a list, that a file sets as a local."""
    text = (folder / file).read_text(encoding="utf-8")
    start = rf"^  {local} += (?:toset\(|merge\([\w.]+, )?"
    found = re.search(rf"{start}([\[{{].*?)^  [\])}}]", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"{file} sets no local {local}")
    return re.findall(r"^    ([\w-]+) += \{", found[1], re.MULTILINE) or re.findall(
        r'"([\w/]+)"', found[1]
    )
