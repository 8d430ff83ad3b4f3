"""Whether a bucket is as the project wants it: there, writable, encrypted, versioned, private.

What lives here: one question to S3 for each, and the sentence where it is not so. What does not: pages and
reports (``store``), which of it a stand-in may lack (``jobmarket.airflow.doctor.lake``).
"""

from __future__ import annotations

import uuid
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from jobmarket.foundation.errors import AccessDenied, ConfigurationError
from jobmarket.foundation.foreign_text import clean
from jobmarket.foundation.lake.errors import translated

if TYPE_CHECKING:
    from datetime import datetime

    from jobmarket.foundation.lake.store import Lake

RAW_PROBE = "raw/.doctor"
"""An empty object that is written once and stays: raw objects are never deleted by who lands them."""

REPORT_PROBES = "reports/.doctor/"
_PUBLIC_ACCESS = (
    *("BlockPublicAcls", "IgnorePublicAcls"),
    *("BlockPublicPolicy", "RestrictPublicBuckets"),
)


def server_time(lake: Lake) -> datetime | None:
    """Return the clock of S3, to the second; raise where the bucket is not there or not ours to enter."""
    with translated(lake.bucket):
        answer: Any = lake.client.head_bucket(Bucket=lake.bucket)
    said = answer["ResponseMetadata"]["HTTPHeaders"].get("date", "")
    try:
        return parsedate_to_datetime(said)
    except ValueError:
        return None


def require_writable(lake: Lake) -> None:
    """Write, read and delete as tasks do; raise where one of it is refused.

    Raise :class:`ConfigurationError` if a conditional write goes over what is there: two runs of a day would
    then overwrite each other's pages.
    """
    with translated(lake.bucket, RAW_PROBE, accept={"PreconditionFailed"}):
        lake.client.put_object(Bucket=lake.bucket, Key=RAW_PROBE, Body=b"", IfNoneMatch="*")
    key, body = f"{REPORT_PROBES}{uuid.uuid4().hex}", b"jobmarket"
    with translated(lake.bucket, key):
        lake.client.put_object(Bucket=lake.bucket, Key=key, Body=body)
        lake.client.get_object(Bucket=lake.bucket, Key=key)["Body"].read()
        lake.client.list_objects_v2(Bucket=lake.bucket, Prefix=key, MaxKeys=1)
    with translated(lake.bucket, key, accept={"PreconditionFailed"}) as met:
        lake.client.put_object(Bucket=lake.bucket, Key=key, Body=body, IfNoneMatch="*")
    with translated(lake.bucket, key):
        lake.client.delete_object(Bucket=lake.bucket, Key=key)
    if not met.accepted:
        raise ConfigurationError(
            f"The server of the bucket {lake.bucket} writes over an object though it is asked not to "
            "(If-None-Match): use Amazon S3, or a server that honours conditional writes."
        )


def encryption(lake: Lake) -> str:
    """Return how the bucket encrypts; raise :class:`ConfigurationError` if not by a key of KMS."""
    with translated(lake.bucket, accept={"ServerSideEncryptionConfigurationNotFoundError"}) as met:
        found: Any = lake.client.get_bucket_encryption(Bucket=lake.bucket)
    rules = [] if met.accepted else found["ServerSideEncryptionConfiguration"]["Rules"]
    ways = [rule.get("ApplyServerSideEncryptionByDefault", {}) for rule in rules]
    way = next((way for way in ways if way.get("SSEAlgorithm", "").startswith("aws:kms")), None)
    if way is None:
        met_instead = ", ".join(clean(way.get("SSEAlgorithm")) for way in ways) or "nothing"
        raise ConfigurationError(
            f"The bucket {lake.bucket} is to be encrypted by a key of KMS, but by default uses "
            f"{met_instead}: set its default encryption to aws:kms with your key (S3 > Properties > Default "
            "encryption)."
        )
    return f"aws:kms, {clean(way.get('KMSMasterKeyID', 'the key of AWS for S3'))}"


def require_versioned(lake: Lake) -> None:
    """Raise :class:`ConfigurationError` if what is deleted or overwritten by mistake is lost."""
    with translated(lake.bucket):
        found = lake.client.get_bucket_versioning(Bucket=lake.bucket)
    if found.get("Status") != "Enabled":
        raise ConfigurationError(
            f"The bucket {lake.bucket} keeps no older versions of its objects: enable its versioning (S3 > "
            "Properties > Bucket Versioning)."
        )


def require_public_access_blocked(lake: Lake) -> None:
    """Raise :class:`ConfigurationError` unless all four blocks of public access are set."""
    # the second: of a server that knows no such thing
    missing = {"NoSuchPublicAccessBlockConfiguration", "NotImplemented"}
    with translated(lake.bucket, accept=missing) as met:
        found: Any = lake.client.get_public_access_block(Bucket=lake.bucket)
    blocks = {} if met.accepted else found["PublicAccessBlockConfiguration"]
    open_ways = [name for name in _PUBLIC_ACCESS if not blocks.get(name)]
    if open_ways:
        raise ConfigurationError(
            f"The bucket {lake.bucket} does not block all public access ({', '.join(open_ways)}): set "
            "all four blocks (S3 > Permissions > Block public access)."
        )


def require_private(lake: Lake) -> None:
    """Ask without any account; raise :class:`ConfigurationError` if that is answered."""
    import boto3
    from botocore import UNSIGNED
    from botocore.config import Config

    nobody = boto3.client(
        "s3",
        endpoint_url=lake.client.meta.endpoint_url,
        region_name=lake.client.meta.region_name,
        config=Config(
            signature_version=UNSIGNED, connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 1}
        ),
    )  # fmt: skip
    try:
        with translated(lake.bucket):
            nobody.list_objects_v2(Bucket=lake.bucket, MaxKeys=1)
    except AccessDenied:
        return
    finally:
        nobody.close()
    raise ConfigurationError(
        f"Anybody without an account may list the bucket {lake.bucket}: delete the bucket policy or the ACL "
        "that allows it (S3 > Permissions)."
    )
