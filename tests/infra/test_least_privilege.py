"""The job runs under exactly the policies of ``infra/policies``, and needs every statement of them.

Whole runs of the DAGs go through a gate that decides as IAM does, to a real object store. Then each
statement is left out in turn, and what needs it is refused. What asks Secrets Manager, CloudWatch Logs or
the registry needs an emulator: ``make infra-proof`` (``deployed``).
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from jobmarket.foundation.errors import AccessDenied
from jobmarket.foundation.lake.store import Lake

from tests.support import lake_scenarios as lake_life
from tests.support.aws_policies import BUCKET, POLICIES, is_allowed, statements, unneeded
from tests.support.aws_services import ASKED
from tests.support.policy_gate import gate
from tests.support.statements import BREAKS, KEYS_OF_THE_ACCOUNT, of_the_lake

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore

# inside Airflow, warnings are Airflow's
pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

DAY = "2026-11-18"
FAST = 400
EVERY = sorted(
    (path.stem, one["Sid"]) for path in POLICIES.glob("*.json") for one in statements(path.stem)
)
FRESH = itertools.count(1)


def live(object_store: ObjectStore, document: str, without: str = "") -> Callable[[Any], None]:
    """Return how to run one scenario: what comes before it in the life of a day happens with all rights."""

    def run(scenario: Any) -> None:
        name = lake_life.fresh_bucket(object_store)
        unbound = Lake(lake_life.client_of(object_store.endpoint_url), name)
        for earlier in lake_life.A_LIFE[: lake_life.A_LIFE.index(scenario)]:
            earlier(unbound)
        identity = statements(document, without=without)
        with gate(object_store.endpoint_url, identity=identity, bucket_alias=BUCKET) as opened:
            scenario(Lake(lake_life.client_of(opened.url), name))

    return run


@pytest.mark.parametrize(("document", "sid"), of_the_lake(), ids=str)
def test_what_needs_a_statement_of_the_lake_is_refused_without_it(
    document: str, sid: str, object_store: ObjectStore
) -> None:
    scenario = getattr(lake_life, BREAKS[document, sid])
    with pytest.raises(AccessDenied, match="S3 refuses the credentials of aws_default"):
        live(object_store, document, without=sid)(scenario)


@pytest.mark.parametrize("document", ["tasks", "ui"])
def test_a_life_of_the_lake_is_allowed_and_needs_each_action_and_resource(
    document: str, object_store: ObjectStore
) -> None:
    name = lake_life.fresh_bucket(object_store)
    unbound = Lake(lake_life.client_of(object_store.endpoint_url), name)
    given = [one for one in statements(document) if (document, one["Sid"]) in of_the_lake()]
    with gate(object_store.endpoint_url, identity=given, bucket_alias=BUCKET) as opened:
        bound = Lake(lake_life.client_of(opened.url), name)
        for scenario in lake_life.A_LIFE:
            is_of_the_ui = scenario is lake_life.show_a_report
            scenario(bound if is_of_the_ui == (document == "ui") else unbound)
        assert opened.denied == []
        assert unneeded(given, opened.allowed) == []


@pytest.mark.parametrize(
    ("document", "sid"),
    [(document, sid) for document, allowed in ASKED.items() for sid in allowed],
    ids=str,
)
def test_what_a_service_of_aws_asks_for_is_refused_without_its_statement(
    document: str, sid: str
) -> None:
    for asked in ASKED[document][sid]:
        assert is_allowed(asked, (), *statements(document)), asked
        assert not is_allowed(asked, (), *statements(document, without=sid)), asked
        # and nobody else of AWS may, nor the same service for another account
        stranger = type(asked)(asked.action, asked.resource, asked.context, "ec2.amazonaws.com")
        assert not is_allowed(stranger, (), *statements(document))
        if "aws:SourceArn" in asked.context:
            elsewhere = {
                **asked.context,
                "aws:SourceArn": "arn:aws:x:eu-west-3:999999999999:y",
                "aws:SourceAccount": "9",
            }
            other = type(asked)(asked.action, asked.resource, elsewhere, asked.principal)
            assert not is_allowed(other, (), *statements(document))


@pytest.mark.parametrize("document", ["lake_bucket", "audit_bucket"])
def test_nothing_comes_without_tls(document: str) -> None:
    bucket = document.split("_")[0]
    allowed = [{"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}]
    options = {"identity": allowed, "bucket_alias": bucket, "is_tls": False}
    request: dict[str, Any] = {"Bucket": bucket, "Key": "raw/x"}
    with gate("http://127.0.0.1:9", resource=statements(document), **options) as opened:
        with pytest.raises(ClientError, match="AccessDenied"):
            lake_life.client_of(opened.url).get_object(**request)
        assert opened.denied
        opened.resource = statements(document, without="OnlyByTls")
        opened.denied.clear()
        with pytest.raises(Exception, match=r"Connection was closed|Could not connect"):
            lake_life.client_of(opened.url).get_object(**request)
        assert opened.denied == []  # it got as far as the server, which is not there


@pytest.mark.parametrize("document", ["data_key", "audit_key"])
def test_a_key_leaves_its_use_to_the_policies_of_the_roles(document: str) -> None:
    (kept,) = [one for one in statements(document) if one["Sid"] == KEYS_OF_THE_ACCOUNT]
    assert (kept["Principal"], kept["Action"]) == (
        {"AWS": "arn:aws:iam::123456789012:root"},
        "kms:*",
    )


REFUSED: dict[str, Callable[[S3Client, str], Any]] = {
    "a page is written over": lambda s3, b: s3.put_object(
        Bucket=b, Key="raw/france_travail/offers/day=2026-11-18/run=a/page-00001.json.zst"
    ),
    "raw holds something else": lambda s3, b: s3.put_object(Bucket=b, Key="raw/notes.txt"),
    "a copy is written over": lambda s3, b: s3.put_object(
        Bucket=b, Key="replay/france_travail/offers/day=2026-11-18/run=a/page-00001.copy.zst"
    ),
    "another shelf is written": lambda s3, b: s3.put_object(Bucket=b, Key="athena/x"),
    "another shelf is read": lambda s3, b: s3.get_object(Bucket=b, Key="athena/x"),
    "a report is read by a task": lambda s3, b: s3.get_object(Bucket=b, Key="reports/x"),
    "another shelf is deleted": lambda s3, b: s3.delete_object(Bucket=b, Key="athena/x"),
    "an old version is deleted": lambda s3, b: s3.delete_object(
        Bucket=b, Key="raw/x", VersionId="1"
    ),
    "a bucket is made": lambda s3, b: s3.create_bucket(Bucket=b),
    "the bucket is deleted": lambda s3, b: s3.delete_bucket(Bucket=b),
    "versions are listed": lambda s3, b: s3.list_object_versions(Bucket=b),
    "its policy is changed": lambda s3, b: s3.put_bucket_policy(Bucket=b, Policy="{}"),
    "versioning is switched off": lambda s3, b: s3.put_bucket_versioning(
        Bucket=b, VersioningConfiguration={"Status": "Suspended"}
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_task_may_not_do_what_no_task_does(
    what: str, object_store: ObjectStore, bucket: str
) -> None:
    options = {"identity": statements("tasks"), "bucket_alias": BUCKET}
    with gate(object_store.endpoint_url, **options) as opened, pytest.raises(ClientError) as met:
        REFUSED[what](lake_life.client_of(opened.url), bucket)
    assert met.value.response["Error"]["Code"] == "AccessDenied"


@pytest.mark.parametrize(
    "request_",
    [
        lambda s3, b: s3.get_object(Bucket=b, Key="raw/x"),
        lambda s3, b: s3.put_object(Bucket=b, Key="reports/x"),
        lambda s3, b: s3.delete_object(Bucket=b, Key="reports/x"),
    ],
    ids=["reads raw", "writes a report", "deletes a report"],
)
def test_the_ui_only_reads_reports(request_: Any, object_store: ObjectStore, bucket: str) -> None:
    options = {"identity": statements("ui"), "bucket_alias": BUCKET}
    with gate(object_store.endpoint_url, **options) as opened, pytest.raises(ClientError) as met:
        request_(lake_life.client_of(opened.url), bucket)
    assert met.value.response["Error"]["Code"] == "AccessDenied"


def test_another_bucket_is_out_of_reach(object_store: ObjectStore, bucket: str) -> None:
    with gate(object_store.endpoint_url, identity=statements("tasks")) as opened:
        for ask in ("head_bucket", "list_objects_v2"):
            with pytest.raises(ClientError, match=r"403|AccessDenied"):
                getattr(lake_life.client_of(opened.url), ask)(Bucket=bucket)


def test_each_statement_names_what_breaks_without_it() -> None:
    assert sorted(BREAKS) == EVERY
