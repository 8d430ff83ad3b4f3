"""Titles, descriptions and names in French, made from ``data/phrases.txt``.

What lives here: our own sentences put together, and the dirt that real texts carry (entities, tags).
What does not: the structured fields of an offer (``body``).
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import TYPE_CHECKING

from sandbox.reference import DATA, jobs, skills, tools_of

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_DESCRIPTION = 5_000
MIN_DESCRIPTION = 300
# quantiles of the length aimed at, in characters, by origin
_LENGTHS = {
    1: (300, 560, 980, 1_550, 2_200, 3_000, 4_200, 5_000),
    2: (330, 850, 1_450, 2_200, 3_100, 4_200, 4_900, 5_000),
}
_LENGTH_STEPS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 1.0)
_SLOTS = ("adj", "outil", "public", "rythme", "mois")
# section -> share of the description; the rest is its title
_PARTS = (
    ("", "intro", 0.16),
    ("missions_lead", "mission", 0.30),
    ("", "mission_text", 0.12),
    ("profile_lead", "profile", 0.20),
    ("offer_lead", "offer", 0.14),
    ("", "closing", 0.08),
)
# made once and filled in anew for each offer: real ones are made of templates too
_TEMPLATES = 256
_BULLETS = ("- ", "• ", "* ", "")
_ENTITIES = (
    {"é": "&eacute;", "è": "&egrave;", "à": "&agrave;", "'": "&rsquo;", "ê": "&ecirc;"},
    {"é": "&#233;", "'": "&#39;", "à": "&#224;", "\n": "&nbsp;\n"},
    {"'": "&#039;", " :": "&nbsp;:", "•": "&bull;"},
)


@cache
def phrases() -> Mapping[str, tuple[str, ...]]:
    """Return the sentences of each section, as templates for the ``%`` operator."""
    sections: dict[str, list[str]] = {}
    for line in (DATA / "phrases.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            section.append(line.replace("%", "%%").replace("{", "%(").replace("}", ")s"))
    return {name: tuple(lines) for name, lines in sections.items()}


def one(random: Random, section: str) -> str:
    """Return one line of a section as it is."""
    lines = phrases()[section]
    return lines[int(random.random() * len(lines))]


def several(random: Random, section: str, count: int) -> tuple[str, ...]:
    """Return up to ``count`` different lines of a section, or skills of a ROME domain, in varying order."""
    return _orders(section)[int(random.random() * 64)][:count]


@cache
def job_titles(rome: str) -> tuple[str, ...]:
    """Return the ways in which offers name a ROME job: in full, masculine, in capitals, with (H/F)."""
    label = next(job.label for job in jobs() if job.code == rome)
    short = _masculine(label)
    return (
        f"{label} (H/F)",
        f"{short} (H/F)",
        f"{short} H/F",
        label,
        f"{short.upper()} (H/F)",
        f"{short} (h/f)",
    )


@cache
def _skill_labels(domain: str) -> tuple[str, ...]:
    return tuple(skill.label.replace("%", "%%") for skill in skills() if skill.domain == domain)


def company_name(random: Random, is_agency: bool) -> str:
    """Return an invented name; temporary-work agencies have a few names that come back often."""
    if is_agency:
        return one(random, "agency")
    name = f"{one(random, 'company_first')} {one(random, 'company_last')}"
    return name.upper() if random.random() < 0.5 else name


def description(random: Random, origin: int, domain: str, words: dict[str, str]) -> str:
    """Return a description of 300 to 5,000 characters.

    :param random: the text's chance.
    :param origin: 1 or 2; texts of partners are longer.
    :param domain: letter of the ROME domain, for the tasks named.
    :param words: ``metier``, ``ville``, ``entreprise``, ``secteur``, ``contrat``.
    """
    words = words | {slot: one(random, slot) for slot in _SLOTS}
    text = _template(origin, domain, int(random.random() * _TEMPLATES)) % words
    return text[:MAX_DESCRIPTION]


def with_tools(random: Random, rome: str, text: str) -> str:
    """Return the text with the tools that an offer of this trade names, where it names any."""
    tools = tools_of(rome)
    if random.random() >= tools.share:
        return text
    # between one and twice the mean: real offers name a few, some a whole catalogue
    count = 1 + int(random.random() * 2 * (tools.mean_count - 1) + random.random())
    names = dict.fromkeys(random.choices(tools.names, tools.weights, k=count))
    line = f"{one(random, 'tools_lead')} {', '.join(names)}."
    return f"{text}\n\n{line}" if len(text) + len(line) < MAX_DESCRIPTION else text


@cache
def _template(origin: int, domain: str, number: int) -> str:
    """Return one of the 256 descriptions of an origin and a domain, words still to be filled in."""
    random = Random(f"{origin}/{domain}/{number}")
    aim = _length(random, origin)
    bullet = _BULLETS[int(random.random() * len(_BULLETS))]
    blocks = [_block(random, part, round(aim * part[2] / 90), domain, bullet) for part in _PARTS]
    text = "\n\n".join([block for block in blocks if block])
    while len(text) < max(MIN_DESCRIPTION + 60, aim * 0.9):
        text += "\n" + " ".join(several(random, "about", 2))
    return text.rstrip()


def with_entities(random: Random, text: str) -> str:
    """Return the text as some feeds send it: HTML entities, once to three times escaped."""
    for plain, entity in _ENTITIES[int(random.random() * len(_ENTITIES))].items():
        text = text.replace(plain, entity)
    level = random.random()
    for escaped_again in (level < 0.03, level < 0.01):
        if escaped_again:
            text = text.replace("&", "&amp;")
    return text[:MAX_DESCRIPTION]


def with_tags(text: str) -> str:
    """Return the text with the HTML tags that a few feeds leave in it."""
    return f"<p>{text.replace(chr(10), '<br />')}</p>"[:MAX_DESCRIPTION]


def _block(
    random: Random, part: tuple[str, str, float], count: int, domain: str, bullet: str
) -> str:
    """Return one part of a description, ``count`` sentences of about 90 characters, as a template."""
    lead, section, _ = part
    if not count:
        return ""
    lines = several(random, section, count)
    if not lead:
        return " ".join(lines)
    if lead == "missions_lead":
        lines = several(random, domain, count // 3) + lines
    return f"{one(random, lead)}\n{bullet}" + f"\n{bullet}".join(lines)


@cache
def _orders(section: str) -> tuple[tuple[str, ...], ...]:
    """Return 64 orders of a section's lines, so that different lines cost one draw and one slice."""
    lines = phrases().get(section) or _skill_labels(section)
    shuffler = Random(section)
    return tuple(tuple(shuffler.sample(lines, len(lines))) for _ in range(64))


def _length(random: Random, origin: int) -> float:
    draw = random.random()
    sizes = _LENGTHS[origin]
    at = next(i for i in range(1, len(_LENGTH_STEPS)) if draw < _LENGTH_STEPS[i])
    low, high = _LENGTH_STEPS[at - 1], _LENGTH_STEPS[at]
    return sizes[at - 1] + (sizes[at] - sizes[at - 1]) * (draw - low) / (high - low)


def _masculine(label: str) -> str:
    """Return ``Conducteur de poids lourd`` for ``Conducteur / Conductrice de poids lourd``."""
    left, slash, right = label.partition(" / ")
    if not slash:
        return label
    return " ".join([left, *right.split()[len(left.split()) :]])
