"""The reader of policies that the proof rests on: decided as AWS's documentation says, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.aws_policies import Asked, is_allowed, statements

READ = "s3:GetObject"
AT = "arn:aws:s3:::lake/raw/a"


def one(**told: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": READ, "Resource": AT, **told}


@pytest.mark.parametrize(
    ("given", "context", "expected"),
    [
        ([], {}, False),
        ([one()], {}, True),
        ([one(Action="S3:getobject")], {}, True),
        ([one(Action="s3:Get*")], {}, True),
        ([one(Action="s3:Put*")], {}, False),
        ([one(Action=["s3:PutObject", READ])], {}, True),
        ([one(Resource="arn:aws:s3:::lake/raw/?")], {}, True),
        ([one(Resource="arn:aws:s3:::lake/raw/??")], {}, False),
        ([one(Resource="arn:aws:s3:::lake/RAW/a")], {}, False),
        ([one(Resource="arn:aws:s3:::lake")], {}, False),
        ([one(Resource="arn:aws:s3:::lake/raw/[a]")], {}, False),
        ([one(), one(Effect="Deny")], {}, False),
        ([one(), one(Effect="Deny", Action="s3:PutObject")], {}, True),
        ([one(Condition={"StringEquals": {"k": "a"}})], {"k": "a"}, True),
        ([one(Condition={"StringEquals": {"k": "a*"}})], {"k": "ab"}, False),
        ([one(Condition={"StringLike": {"k": ["x", "a*"]}})], {"k": "ab"}, True),
        ([one(Condition={"StringLike": {"k": "*"}})], {}, False),
        ([one(Condition={"StringEquals": {"k": "a", "l": "b"}})], {"k": "a"}, False),
        ([one(Condition={"Null": {"k": "false"}})], {"k": "*"}, True),
        ([one(Condition={"Null": {"k": "false"}})], {}, False),
        ([one(Condition={"Null": {"k": "true"}})], {}, True),
        (
            [one(Condition={"Bool": {"aws:SecureTransport": "true"}})],
            {"aws:SecureTransport": "false"},
            False,
        ),
    ],
)
def test_a_request_is_decided(
    given: list[dict[str, Any]], context: dict[str, str], *, expected: bool
) -> None:
    assert is_allowed(Asked(READ, AT, context), given) is expected


def test_a_denial_of_what_is_asked_for_outweighs_the_right_of_who_asks() -> None:
    deny = one(Effect="Deny", Principal="*")
    assert not is_allowed(Asked(READ, AT), [one()], deny)


def test_a_service_is_allowed_by_its_own_name_alone() -> None:
    given = one(Principal={"Service": "a.amazonaws.com"})
    assert is_allowed(Asked(READ, AT, {}, "a.amazonaws.com"), [], given)
    assert not is_allowed(Asked(READ, AT, {}, "b.amazonaws.com"), [], given)
    assert not is_allowed(Asked(READ, AT), [], given)


@pytest.mark.parametrize(
    "unknown",
    [{"NotAction": READ}, {"NotResource": AT}, {"Condition": {"NumericLessThan": {"k": "1"}}}],
)
def test_what_is_not_known_is_an_error(unknown: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        is_allowed(Asked(READ, AT, {"k": "0"}), [one(**unknown)])


def test_a_statement_that_is_not_there_cannot_be_left_out() -> None:
    with pytest.raises(AssertionError):
        statements("tasks", without="NoSuchThing")
