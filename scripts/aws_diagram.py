"""Draw docs/aws.svg from the Terraform of ``infra``: ``make docs``.

What stands where on the sheet is told in ``aws_sheet``. What there is, how large it is, who reaches
whom and who may do what is read from the template: security groups make the solid arrows, policies the
dashed ones. A resource that is neither drawn nor named as part of a box is an error, so the sheet is that
of the template.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from scripts.aws_sheet import BOXES, FRAMES, HEIGHT, OUTSIDE, PEOPLE, TOLD, WIDTH, Box
from scripts.terraform_files import names_in, policy, resources, sizes

FILE = Path(__file__).parents[1] / "docs" / "aws.svg"
# whose each policy is: a service's own, or that of ECS as it starts one
_WHO = {
    "tasks": "scheduler",
    "ui": "api",
    "start": "ECS, starting a service",
    "start_prepare": "ECS, starting prepare",
}
_VERBS = {
    "GetObject": "read",
    "PutObject": "write",
    "DeleteObject": "delete",
    "ListBucket": "list",
    "GetSecretValue": "read",
    "PutLogEvents": "write",
    "GetLogEvents": "read",
    "BatchGetImage": "pull",
}
_SERVICE_OF = {"s3": "lake", "secretsmanager": "secrets", "logs": "logs", "ecr": "registry"}


def render() -> str:
    """Return the drawing; raise :class:`ValueError` unless it shows what the template has, and no more."""
    there = resources()
    _require_all_drawn(set(there))
    lines = [_frame(title, *place[:4]) for title, place in FRAMES.items()]
    lines += [_box(name, box, _words(name, there)) for name, box in BOXES.items()]
    lines += [
        _person("People", "of the allowed networks", *PEOPLE),
        _person("France Travail", "the API", *OUTSIDE),
    ]
    lines += _reached(there)
    lines += _allowed()
    body = "\n".join(lines)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" \
aria-label="What Terraform makes on AWS, who reaches whom and who may do what">
<style>
text{{font:13px system-ui,sans-serif;fill:#1b2733}}.t{{font-weight:600}}.s{{font-size:11px;fill:#4a5a6a}}
.b{{fill:#fff;stroke:#5b7083;rx:6}}.f{{fill:#f3f6f9;stroke:#a9b8c6;stroke-dasharray:5 4;rx:10}}
.n{{stroke:#1b5e8c;stroke-width:1.6;fill:none;marker-end:url(#h)}}
.a{{stroke:#9a4b12;stroke-width:1.3;fill:none;stroke-dasharray:4 3;marker-end:url(#k)}}
.l{{font-size:11px;fill:#1b5e8c}}.m{{font-size:11px;fill:#9a4b12}}
</style>
<defs>{_head("h", "#1b5e8c")}{_head("k", "#9a4b12")}</defs>
<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>
<text x="30" y="32" class="t" style="font-size:17px">The job on AWS, drawn from infra/</text>
<text x="30" y="52" class="s">solid: who reaches whom, by which port (security groups); dashed: \
who may use what (policies); nothing else is open or allowed</text>
{body}
</svg>
"""


def _require_all_drawn(there: set[str]) -> None:
    named = [part for box in BOXES.values() for part in box.parts]
    named += [part for frame in FRAMES.values() for part in frame[4]]
    named += TOLD
    patterns = {part: re.compile(re.escape(part).replace(r"\*", r".*")) for part in named}
    missing = sorted(one for one in there if not any(p.fullmatch(one) for p in patterns.values()))
    gone = sorted(part for part, p in patterns.items() if not any(map(p.fullmatch, there)))
    if missing or gone:
        raise ValueError(
            f"The diagram lacks {missing} of infra/, and draws {gone}, which is not there."
        )


def _words(name: str, there: dict[str, dict[str, str]]) -> list[str]:
    """Return what stands in a box, the sizes of small first."""
    small, large = sizes()["small"], sizes()["large"]
    if name in small and "cpu" in small[name]:
        pair = [
            f"{one['count']} × {one['cpu'] / 1024:g} vCPU, {one['memory_mb'] // 1024} GB"
            for one in (small[name], large[name])
        ]
        return [pair[0], f"large: {pair[1]}"]
    versioned = "aws_s3_bucket_versioning.lake" in there
    counts = {
        "balancer": [f"{there['aws_lb_listener.https']['protocol'].strip(chr(34))} alone"],
        "nat": [f"{small['zones_with_nat']}, large: {large['zones_with_nat']}"],
        "prepare": ["once a version:", "accounts, schemas"],
        "database": [
            "KMS, TLS alone, backups",
            f"{small['database']['class']}, {small['database']['storage_gb']} GB",
            f"large: {large['database']['class']}, {large['database']['storage_gb']} GB",
        ],
        "lake": ["raw, reports, history; KMS, TLS alone" + (", versions" if versioned else "")],
        "secrets": [f"{len(names_in('secrets.tf', 'secret_names')) + 1} secrets, KMS"],
        "logs": ["tasks, services, database"],
        "registry": ["tags never change"],
        "alarms": [
            f"{len(names_in('airflow.tf', 'services') + names_in('logs.tf', 'alarms'))}, by e-mail"
        ],
        "audit": ["each read and write of the lake"],
    }
    given = _rights().get(name, {})
    return counts.get(name, []) + [f"{who}: {', '.join(verbs)}" for who, verbs in given.items()]


def _reached(there: dict[str, dict[str, str]]) -> list[str]:
    """Return an arrow for each rule that lets somebody in from another group, and for the way out."""
    first_of = {"airflow": "api", "database": "database"}
    lines = []
    for address, rule in there.items():
        if not address.startswith("aws_vpc_security_group_ingress_rule."):
            continue
        target = rule["security_group_id"].split(".")[1]
        port = rule["from_port"]
        source = rule.get("referenced_security_group_id", "").split(".")
        if len(source) == 1:
            lines.append(_arrow("n", (90, 144), (200, 144), port, "l"))
        elif source[1] == target:
            lines.append(_path("n", "M430,262 C396,262 396,176 428,170", "8080", (388, 222), "l"))
        else:
            end = first_of[target]
            start = "balancer" if source[1] == "balancer" else "prepare"
            box, other = BOXES[start], BOXES[end]
            if start == "balancer":
                lines.append(_arrow("n", (350, 150), (other.x, 150), port, "l"))
            else:
                lines.append(_arrow("n", (525, box.y + box.height), (525, other.y), "", "l"))
                lines.append(_label(f"{port}, from all four", (518, 517), "l", "end"))
    out = there["aws_vpc_security_group_egress_rule.https"]["from_port"]
    lines.append(_arrow("n", (430, 280), (350, 360), f"{out}", "l"))
    lines.append(_arrow("n", (200, 367), (140, 367), "", "l"))
    return lines


def _rights() -> dict[str, dict[str, list[str]]]:
    """Return what each role may do, by the box that it does it with: box, who, verbs."""
    rights: dict[str, dict[str, list[str]]] = {}
    for role, who in _WHO.items():
        for statement in policy(role):
            actions = statement["Action"]
            for action in [actions] if isinstance(actions, str) else actions:
                service, _, verb = action.partition(":")
                if verb in _VERBS:
                    verbs = rights.setdefault(_SERVICE_OF[service], {}).setdefault(who, [])
                    verbs += [_VERBS[verb]] if _VERBS[verb] not in verbs else []
    return rights


def _allowed() -> list[str]:
    """Return an arrow from each service to what its role may use; ECS itself has none."""
    lines = []
    for target, given in sorted(_rights().items(), key=lambda one: BOXES[one[0]].y):
        for number, who in enumerate(one for one in given if one in BOXES):
            box, end = BOXES[who], BOXES[target]
            height = 16 + 16 * list(_SERVICE_OF.values()).index(target)
            start, stop = (box.x + box.width, box.y + height), (end.x, end.y + 20 + 16 * number)
            lines.append(_arrow("a", start, stop, "", "l"))
    return lines


def _frame(title: str, x: int, y: int, width: int, height: int) -> str:
    return (
        f'<rect class="f" x="{x}" y="{y}" width="{width}" height="{height}"/>'
        f'<text class="s" x="{x + 10}" y="{y + 16}">{escape(title)}</text>'
    )


def _box(name: str, box: Box, words: list[str]) -> str:
    lines = "".join(
        f'<text class="s" x="{box.x + 10}" y="{box.y + 38 + 16 * n}">{escape(one)}</text>'
        for n, one in enumerate(words)
    )
    return (
        f'<g id="{name}"><rect class="b" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"/>'
        f'<text class="t" x="{box.x + 10}" y="{box.y + 21}">{escape(box.title)}</text>{lines}</g>'
    )


def _person(title: str, words: str, x: int, y: int) -> str:
    return (
        f'<text class="t" x="{x}" y="{y + 14}">{escape(title)}</text>'
        f'<text class="s" x="{x}" y="{y + 34}">{escape(words)}</text>'
    )


def _arrow(kind: str, start: tuple[int, int], end: tuple[int, int], words: str, style: str) -> str:
    middle = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2 - 5)
    return _path(kind, f"M{start[0]},{start[1]} L{end[0]},{end[1]}", words, middle, style)


def _head(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
        f'<path d="M0,0L8,4L0,8z" fill="{colour}"/></marker>'
    )


def _path(kind: str, path: str, words: str, at: tuple[int, int], style: str) -> str:
    return f'<path class="{kind}" d="{path}"/>{_label(words, at, style, "middle") if words else ""}'


def _label(words: str, at: tuple[int, int], style: str, anchor: str) -> str:
    return f'<text class="{style}" x="{at[0]}" y="{at[1]}" text-anchor="{anchor}">{escape(words)}</text>'


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
    print(f"Wrote {FILE}")
