"""The policies of the lake under an emulator that enforces them itself: read so by others, too.

ministack knows neither KMS nor the condition ``s3:if-none-match`` when it decides, so statements about the
key are left to the gate (``test_least_privilege``), and that condition is taken out here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from jobmarket.foundation.errors import AccessDenied
from jobmarket.foundation.lake.store import Lake

from tests.support import lake_scenarios as lake_life
from tests.support.aws_emulator import emulator
from tests.support.aws_policies import REGION, statements
from tests.support.statements import BREAKS, of_the_lake

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = ("test", "test", None)
OF_THE_KEY = {"EncryptObjects", "DecryptObjects", "DecryptReports"}
ANYBODY = [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with emulator(tmp_path_factory.mktemp("iam"), AUTH="true") as there:
        yield there


def client(url: str, service: str, account: tuple[str, str, str | None] = ROOT) -> Any:
    make: Any = boto3.client
    return make(
        service,
        endpoint_url=url,
        aws_access_key_id=account[0],
        aws_secret_access_key=account[1],
        aws_session_token=account[2],
        region_name=REGION,
        config=Config(retries={"total_max_attempts": 1}),
    )


def document(given: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": given})


def run(url: str, name: str, policy: str, scenario: Any, without: str = "") -> None:
    """Run a scenario on a bucket of its own under a role with a policy; what precedes it, with all rights."""
    place = {"LocationConstraint": REGION}
    client(url, "s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)
    for earlier in lake_life.A_LIFE[: lake_life.A_LIFE.index(scenario)]:
        earlier(Lake(client(url, "s3"), name))
    given = statements(policy, without=without, lake=f"arn:aws:s3:::{name}")
    for one in given:
        if "Null" in one.get("Condition", {}):
            del one["Condition"]
    iam = client(url, "iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(ANYBODY))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=document(given))
    said = client(url, "sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    account = (said["AccessKeyId"], said["SecretAccessKey"], said["SessionToken"])
    scenario(Lake(client(url, "s3", account), name))


@pytest.mark.parametrize(
    ("policy", "sid"), [key for key in of_the_lake() if key[1] not in OF_THE_KEY], ids=str
)
def test_it_allows_the_whole_and_refuses_what_a_statement_is_for(
    url: str, policy: str, sid: str
) -> None:
    scenario = getattr(lake_life, BREAKS[policy, sid])
    name = f"{policy}-{sid.lower()}"
    run(url, f"{name}-whole", policy, scenario)
    with pytest.raises(AccessDenied):
        run(url, f"{name}-cut", policy, scenario, without=sid)
