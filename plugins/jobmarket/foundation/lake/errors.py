"""What boto3 raises, in the words and the error tree of this project. Nothing else."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jobmarket.foundation.errors import (
    AccessDenied,
    ConfigurationError,
    JobMarketError,
    LakeUnavailable,
)
from jobmarket.foundation.known_secrets import redacted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_NO_RIGHTS = {
    "AccessDenied",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "ExpiredToken",
    "InvalidToken",
    "AllAccessDisabled",
}
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_WRONG_CLOCK = {"RequestTimeTooSkewed"}
_PASSING = {
    "ConditionalRequestConflict",  # 409: another request on the same key was at work
    "OperationAborted",
    "RequestTimeout",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "RequestLimitExceeded",
}
LONGEST_CODE = 60
_MISSING_BUCKET = {"NoSuchBucket"}
_MISSING_KEY = {"NoSuchKey"}


class Met:
    """Whether one of the accepted errors was met."""

    accepted = False


@contextmanager
def translated(bucket: str, key: str = "", accept: Collection[str] = ()) -> Iterator[Met]:
    """Run calls to S3; raise what they raise as one sentence of ours.

    :param accept: S3 error codes that are no error here; the value of the ``with`` then says so.
    """
    from botocore.exceptions import (  # slow to import, and DAG files are parsed again and again
        BotoCoreError,
        ClientError,
        ConnectionError,  # noqa: A004  botocore's own, and no kin of the built-in
        HTTPClientError,
        IncompleteReadError,
        NoCredentialsError,
        PartialCredentialsError,
    )
    from botocore.parsers import ResponseParserError

    met = Met()
    where = f"s3://{bucket}/{key}" if key else f"s3://{bucket}"
    try:
        yield met
    except ClientError as exc:
        code = redacted(exc.response.get("Error", {}).get("Code", ""), LONGEST_CODE)
        status = int(exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        if code in accept or (code == "412" and "PreconditionFailed" in accept):
            met.accepted = True
            return
        raise _refusal(code, status, bucket, key, where) from None
    except (NoCredentialsError, PartialCredentialsError):
        raise ConfigurationError(
            f"No credentials to reach {where}: set login and password of the connection aws_default, or "
            f"give the worker an IAM role."
        ) from None
    except (HTTPClientError, ConnectionError, IncompleteReadError) as exc:
        raise LakeUnavailable(
            f"S3 did not answer for {where} ({type(exc).__name__}): check the endpoint_url of the connection "
            f"aws_default and that the server is up."
        ) from None
    except ResponseParserError:  # its text holds the whole answer
        raise LakeUnavailable(
            f"What answers for {where} does not speak S3: correct the endpoint_url of the connection "
            f"aws_default, or whatever stands before the server, and run the task again."
        ) from None
    except BotoCoreError as exc:
        raise ConfigurationError(
            f"The connection aws_default cannot be used for {where} ({redacted(exc)}): correct it."
        ) from None


def _refusal(code: str, status: int, bucket: str, key: str, where: str) -> JobMarketError:
    if code in _MISSING_BUCKET or (code == "404" and not key):
        return ConfigurationError(
            f"The bucket {bucket} does not exist: create it, or correct the variable data_lake_bucket."
        )
    if code in _MISSING_KEY or code == "404":
        return ConfigurationError(
            f"There is no object {where}, though it had landed: it was deleted since; run the day again with "
            f"force."
        )
    if code in _WRONG_CLOCK:
        return LakeUnavailable(
            f"S3 refuses {where} because the clock of this machine is more than 15 minutes off its own "
            f"({code}): set the clock (NTP), then run the task again."
        )
    if code in _NO_RIGHTS or status in (401, 403):
        return AccessDenied(
            f"S3 refuses the credentials of aws_default for {where} ({code}): correct them, or grant "
            f"s3:ListBucket, s3:GetObject and s3:PutObject on this bucket, s3:DeleteObject on its reports/."
        )
    if status == 429 or status >= 500 or code in _PASSING:
        return LakeUnavailable(
            f"S3 failed for {where} ({code or status}): it may work later; run the task again then."
        )
    return ConfigurationError(
        f"S3 refuses {where} ({code or status}): correct the variable data_lake_bucket, or the endpoint_url "
        f"of the connection aws_default."
    )
