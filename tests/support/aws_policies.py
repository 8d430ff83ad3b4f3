"""The policy documents of ``infra/policies`` as IAM reads them: rendered, and asked what is allowed.

Follows https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html for one
account: what is denied anywhere is denied, else what is allowed is allowed, else nothing is. A word of the
policy language that is not known here is an error, and never passed over.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.terraform import INFRA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

POLICIES = INFRA / "policies"
ACCOUNT, REGION, BUCKET, NAME = "123456789012", "eu-west-3", "lake", "jobmarket"
_HERE = f"{REGION}:{ACCOUNT}"
DATA_KEY = f"arn:aws:kms:{_HERE}:key/11111111-2222-3333-4444-555555555555"
MASTER_SECRET = f"arn:aws:secretsmanager:{_HERE}:secret:rds!db-0123-AbCdEf"

# as names.tf and identities.tf say it; `make infra` compares it with what Terraform deploys
VALUES = {
    "account": ACCOUNT,
    "partition": "aws",
    "region": REGION,
    "lake": f"arn:aws:s3:::{BUCKET}",
    "audit": "arn:aws:s3:::audit",
    "connections": f"arn:aws:secretsmanager:{_HERE}:secret:{NAME}/connections",
    "airflow_secrets": f"arn:aws:secretsmanager:{_HERE}:secret:{NAME}/airflow",
    "analyst": f"arn:aws:secretsmanager:{_HERE}:secret:{NAME}/analyst",
    "task_logs": f"arn:aws:logs:{_HERE}:log-group:/{NAME}/tasks",
    "service_logs": f"arn:aws:logs:{_HERE}:log-group:/{NAME}/services",
    "log_groups": f"arn:aws:logs:{_HERE}:log-group:/{NAME}/*",
    "database_logs": f"arn:aws:logs:{_HERE}:log-group:/aws/rds/instance/{NAME}/*",
    "repository": f"arn:aws:ecr:{_HERE}:repository/{NAME}",
    "trail": f"arn:aws:cloudtrail:{_HERE}:trail/{NAME}",
    "alarms": f"arn:aws:cloudwatch:{_HERE}:alarm:{NAME}-*",
    "glue": f"arn:aws:glue:{_HERE}",
    "alarm_topic": f"arn:aws:sns:{_HERE}:{NAME}-alarms",
    "data_key": DATA_KEY,
    "master_secret": MASTER_SECRET,
}


@dataclass(frozen=True)
class Asked:
    """One question to IAM: may this be done?

    :param principal: a service such as ``sns.amazonaws.com``; empty for the role whose policy is asked.
    """

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict, hash=False)
    principal: str = ""


def statements(document: str, *, without: str = "", **values: str) -> list[dict[str, Any]]:
    """Return the statements of a document of ``infra/policies``, rendered as Terraform does.

    :param without: the ``Sid`` of a statement to leave out.
    :param values: others than :data:`VALUES`.
    """
    text = (POLICIES / f"{document}.json").read_text(encoding="utf-8")
    known = VALUES | values
    rendered = json.loads(re.sub(r"\$\{(\w+)\}", lambda found: known[found[1]], text))
    assert rendered["Version"] == "2012-10-17"
    found: list[dict[str, Any]] = rendered["Statement"]
    assert not without or without in {one["Sid"] for one in found}
    return [one for one in found if one["Sid"] != without]


def is_allowed(asked: Asked, identity: Iterable[dict[str, Any]], *resource: dict[str, Any]) -> bool:
    """Tell whether a request is allowed by the policies of who asks and of what is asked for."""
    given = [one for one in identity if _matches(one, asked)]
    given += [one for one in resource if _is_meant(one, asked) and _matches(one, asked)]
    effects = {one["Effect"] for one in given}
    return "Deny" not in effects and "Allow" in effects


def unneeded(
    given: list[dict[str, Any]], asked: Iterable[Asked], *resource: dict[str, Any]
) -> list[str]:
    """Return what of a document no request needs: without it, all of them are allowed all the same.

    :param given: statements; each is left out, and each action and resource of one that names several.
    :param asked: requests that were allowed under them.
    :param resource: statements of what is asked for.
    """
    requests = list(
        {(one.action, one.resource, *one.context.items()): one for one in asked}.values()
    )
    return [
        name
        for name, rest in _cuts(given)
        if all(is_allowed(one, rest, *resource) for one in requests)
    ]


def _cuts(given: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for at, statement in enumerate(given):
        before, after = given[:at], given[at + 1 :]
        yield statement["Sid"], before + after
        for part in ("Action", "Resource"):
            several = _list(statement[part])
            for left_out in several if len(several) > 1 else ():
                kept = {**statement, part: [one for one in several if one != left_out]}
                yield f"{statement['Sid']}: {left_out}", [*before, kept, *after]


def _matches(statement: dict[str, Any], asked: Asked) -> bool:
    known = {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
    assert statement.keys() <= known, statement
    return (
        any(_like(pattern.lower(), asked.action.lower()) for pattern in _list(statement["Action"]))
        and any(_like(p, asked.resource) for p in _list(statement.get("Resource", "*")))
        and all(
            _holds(operator, key, _list(expected), asked.context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, expected in keys.items()
        )
    )


def _is_meant(statement: dict[str, Any], asked: Asked) -> bool:
    principal = statement["Principal"]
    if principal == "*":
        return True
    if "Service" in principal:
        return asked.principal in _list(principal["Service"])
    # the account itself: it leaves the decision to the policies of its roles
    return False


def _holds(operator: str, key: str, expected: list[str], context: Mapping[str, str]) -> bool:
    value = context.get(key)
    if operator == "Null":
        return (value is None) == (expected == ["true"])
    if value is None:
        return False
    if operator in ("StringEquals", "Bool"):
        return value in expected
    if operator in ("StringLike", "ArnLike"):
        return any(_like(pattern, value) for pattern in expected)
    raise AssertionError(f"{operator} is not known here")


def _like(pattern: str, value: str) -> bool:
    translated = "".join({"*": ".*", "?": "."}.get(char) or re.escape(char) for char in pattern)
    return re.fullmatch(translated, value, re.DOTALL) is not None


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
