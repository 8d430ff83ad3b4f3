"""What catalog and store of the history raise, in the words and the error tree of this project."""

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
    from collections.abc import Iterator

_CONNECTION = "the connection history_catalog"
# as S3 spells them, and as Arrow's client does
_NO_RIGHTS = (
    *("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "403"),
    *("ACCESS_DENIED", "INVALID_ACCESS_KEY_ID", "SIGNATURE_DOES_NOT_MATCH", "INVALID_SIGNATURE"),
    *("INVALID_CLIENT_TOKEN_ID", "UNRECOGNIZED_CLIENT"),
)
_NO_RIGHTS_ON_GLUE = ("AccessDenied", "UnrecognizedClient", "InvalidSignature", "403")
_NO_BUCKET = ("NoSuchBucket", "NO_SUCH_BUCKET")


@contextmanager
def translated() -> Iterator[None]:
    """Run calls to the catalog and to the files of the table; raise what fails as one sentence of ours."""
    from botocore.exceptions import BotoCoreError, ClientError
    from pyiceberg import exceptions as iceberg
    from requests import RequestException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (iceberg.UnauthorizedError, iceberg.ForbiddenError, iceberg.OAuthError) as exc:
        raise AccessDenied(
            f"The catalog of the history refuses the credentials ({type(exc).__name__}): correct login and "
            f"password of {_CONNECTION}."
        ) from None
    except (iceberg.BadRequestError, iceberg.ValidationError) as exc:
        raise _refused(exc) from None
    except (iceberg.RESTError, RequestException) as exc:
        if type(exc) is iceberg.RESTError:  # an answer all the same: nothing is called so
            raise _refused(exc) from None
        raise LakeUnavailable(
            f"The catalog of the history did not answer ({type(exc).__name__}): check the uri of "
            f"{_CONNECTION} and that the server is up, then run the task again; the day is in the warehouse."
        ) from None
    except ClientError as exc:
        code = redacted(exc.response.get("Error", {}).get("Code", ""), 60)
        if code.startswith(_NO_RIGHTS_ON_GLUE):
            raise AccessDenied(
                f"AWS Glue, the catalog of the history, refuses the account ({code}): see {_CONNECTION} and "
                f"the rights of its account on glue and s3, then run the task again."
            ) from None
        raise LakeUnavailable(
            f"AWS Glue, the catalog of the history, answers {code}: it may work later; the day is in the "
            f"warehouse."
        ) from None
    except BotoCoreError as exc:
        raise LakeUnavailable(
            f"AWS Glue, the catalog of the history, cannot be reached ({type(exc).__name__}: "
            f"{redacted(exc)}): correct {_CONNECTION}, or run the task again."
        ) from None
    except (SQLAlchemyError, iceberg.NotInstalledError) as exc:
        raise _of_database(exc) from None
    except OSError as exc:  # what Arrow makes of every answer of S3
        raise _of_store(exc) from None


def _refused(exc: Exception) -> JobMarketError:
    return ConfigurationError(
        f"The catalog of the history refuses what it is asked ({type(exc).__name__}: {redacted(exc)}): "
        f"correct the extra of {_CONNECTION}."
    )


def _of_database(exc: Exception) -> JobMarketError:
    from sqlalchemy.exc import DBAPIError

    if isinstance(exc, DBAPIError):
        return LakeUnavailable(
            f"The database with the catalog of the history cannot be used ({type(exc.orig).__name__}): check "
            f"the uri of {_CONNECTION} and that the server is up, then run the task again; the day is in the "
            f"warehouse."
        )
    # no address, or one of a database whose driver is not here; it may hold a password
    return ConfigurationError(
        f"The uri of {_CONNECTION} is none by which its catalog can be opened ({type(exc).__name__}): "
        f"write it as postgresql+psycopg2://user:password@host:5432/database."
    )


def _of_store(exc: OSError) -> JobMarketError:
    said = str(exc)
    if any(word in said for word in _NO_RIGHTS):
        return AccessDenied(
            f"S3 refuses the credentials for the files of the history: correct those of aws_default, or "
            f"the s3. settings in the extra of {_CONNECTION}."
        )
    if any(word in said for word in _NO_BUCKET):
        return ConfigurationError(
            f"The bucket of the history does not exist: create it, or correct `warehouse` in the extra of "
            f"{_CONNECTION}."
        )
    return LakeUnavailable(
        f"The files of the history cannot be read or written ({type(exc).__name__}: {redacted(exc)}): "
        f"check that S3 is up, then run the task again; the day is in the warehouse."
    )
