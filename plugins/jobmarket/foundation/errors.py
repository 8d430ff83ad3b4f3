"""The exceptions of this project, split by what Airflow should do about them.

::

    JobMarketError
    ├── RetryableError              the same call may work later: Airflow retries with backoff
    │   ├── SourceUnavailable       France Travail did not give a usable answer (5xx, cut body, time-out)
    │   ├── RateLimited             429 after our own retries; carries Retry-After
    │   ├── LakeUnavailable         S3 did not answer
    │   └── WarehouseUnavailable    PostgreSQL did not answer, or has no room left
    └── PermanentError              trying again changes nothing: fail now
        ├── ConfigurationError      a connection, a variable or a parameter is missing or malformed
        ├── AccessDenied            credentials or rights are refused
        ├── SourceContractError     France Travail answers something that the contract does not allow
        ├── DayNotOver              the day asked for has not ended
        ├── IncompleteDay           the certificate has a gap
        └── CheckFailed             a check of the loaded day is below its minimum

Each message is one sentence for the person on call: what was expected, what was met, where, what to do.
No message ever holds a secret. What turns them into Airflow's behaviour is in ``airflow.task``.
"""

from __future__ import annotations

LONGEST_WAIT_S = 3600.0
"""The longest time that another server can make a task wait: Airflow adds it to a date."""


class JobMarketError(Exception):
    """Anything this project raises on purpose."""


class RetryableError(JobMarketError):
    """The same call may work later.

    :param message: one sentence.
    :param retry_after_s: seconds that the other side asked us to wait, if it did; kept within 0 and
        ``LONGEST_WAIT_S``.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        # in this order `nan` is the longest wait, too
        self.retry_after_s = (
            None if retry_after_s is None else max(0.0, min(LONGEST_WAIT_S, retry_after_s))
        )


class SourceUnavailable(RetryableError):
    """France Travail did not give a usable answer."""


class RateLimited(RetryableError):
    """France Travail refused the rate, after the hook's own retries."""


class LakeUnavailable(RetryableError):
    """S3 did not answer."""


class WarehouseUnavailable(RetryableError):
    """PostgreSQL did not answer, or has no room left."""


class PermanentError(JobMarketError):
    """Trying again changes nothing."""


class ConfigurationError(PermanentError):
    """A connection, a variable or a parameter is missing or malformed."""


class AccessDenied(PermanentError):
    """Credentials or rights are refused."""


class SourceContractError(PermanentError):
    """France Travail answers something that the contract does not allow."""


class DayNotOver(PermanentError):
    """The day asked for has not ended in Europe/Paris."""


class IncompleteDay(PermanentError):
    """The certificate of the day has a gap."""


class CheckFailed(PermanentError):
    """A check of the loaded day is below its minimum."""
