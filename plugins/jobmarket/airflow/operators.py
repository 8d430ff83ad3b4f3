"""One Airflow operator a task of the daily run: extract, load, check; the report is in ``report_operator``.

What lives here: the order of calls. What does not: connections and what Airflow does about a failure
(``task``), HTTP (``sources``), S3 keys (``foundation.lake.layout``), SQL (``include/sql``), and
any decision about data.

Between tasks passes the key of the manifest, never "the latest" and never a payload.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jobmarket.airflow.alarms import link_to_ui, raise_alarm
from jobmarket.airflow.forms import require_sensible
from jobmarket.airflow.gap_decision import AsksAboutGap, is_asked, require_decided
from jobmarket.airflow.task import JobMarketOperator, announce_partition, asked_of
from jobmarket.foundation import known_secrets
from jobmarket.foundation.alarm import Alarm
from jobmarket.foundation.day import require_begun, require_over
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.lake.layout import Scope, manifest_key, scope_of
from jobmarket.foundation.run import (
    key_of_run,
    new_run_id,
    period_of_manifest,
    require_publishable,
)
from jobmarket.sources.registry import source

if TYPE_CHECKING:
    from datetime import date

    from airflow.sdk import Asset, Context

    from jobmarket.foundation.lake.manifest import Manifest

TOLD_FIELDS = 5
"""An alarm names so many unknown fields; the report names all."""

log = logging.getLogger(__name__)


class ExtractDayOperator(JobMarketOperator):
    """Land the offers of a day in the lake, and prove that they are all; return the key of the manifest.

    Reads from the run's parameters: ``day``, ``source`` (``api``, or ``raw`` to pass on what has landed),
    ``force`` (ask again for a certified day), ``allow_gap`` (publish a day whose certificate has a gap),
    ``max_pages`` (a sample, which proves nothing).

    :param source: its name, as in ``sources/registry.py``.
    :param source_conn_id: the connection to it; that of the source unless told.
    :param asset: gets the day as its partition, with the counts of the certificate.
    """

    phase = "extract"

    def __init__(
        self, *, source: str, asset: Asset, source_conn_id: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(source=source, outlets=[asset], **kwargs)
        self.asset = asset
        self.source_conn_id = source_conn_id

    def execute(self, context: Context) -> str:
        """Return the key of the manifest of the day."""
        params = context["params"]
        day = asked_of(context, "day").start
        require_sensible(params)
        log.info("Day %s (Europe/Paris), from %s", day, params["source"])
        if params["source"] == "api":
            self.lake.ensure_bucket()
        manifest = self._landed(day, params) or self._extract(day, params, context)
        certificate = manifest.certificate
        self.receipt.run_id = manifest.run_id
        self.receipt.row_count = certificate.collected
        announce_partition(
            context,
            self.asset,
            period_of_manifest(manifest),
            collected=certificate.collected,
            gap=certificate.gap,
        )
        return manifest_key(scope_of(manifest), manifest.run_id)

    def _landed(self, day: date, params: dict[str, Any]) -> Manifest | None:
        """Return the manifest of a day that need not, or must not, be asked for again."""
        from_raw = params["source"] == "raw"
        if not from_raw and (params["force"] or params["max_pages"]):
            return None
        scope = Scope(self.source, str(day))
        manifest = self.lake.manifest_of(scope)
        if manifest and not from_raw and not _is_final(manifest):
            return manifest if params["allow_gap"] else None
        if manifest is None and from_raw:
            raise ConfigurationError(
                f"Nothing complete has landed for {day} under {self.lake.uri(scope.prefix)}, so it "
                f"cannot be replayed from raw: run the day with source = api."
            )
        if manifest is not None:
            log.info(
                "Day %s already collected: run %s, %d offers, gap %d; nothing is asked from the API "
                "(source = api with force asks again)",
                day,
                manifest.run_id,
                manifest.certificate.collected,
                manifest.certificate.gap,
            )
        return manifest

    def _extract(self, day: date, params: dict[str, Any], context: Context) -> Manifest:
        from jobmarket.airflow.source_hook import SourceHook
        from jobmarket.sources.contract import Collecting

        now = datetime.now(UTC)
        (require_begun if params["max_pages"] else require_over)(day, now)
        hook = SourceHook(self.source, self.source_conn_id)
        scope = Scope(self.source, str(day))
        manifest = hook.source.collect(
            Collecting(
                client=hook.get_conn(),
                lake=self.lake,
                scope=scope,
                run_id=self._run_id(scope, params, context, now),
                open_warehouse=self.warehouse,
                max_pages=params["max_pages"],
                # a day that somebody will decide on has a manifest, too
                allow_gap=params["allow_gap"] or is_asked(context),
            )
        )
        receipt, certificate = self.receipt, manifest.certificate
        receipt.run_id, receipt.source_bytes = manifest.run_id, certificate.bytes
        receipt.source_call_count = certificate.requests
        if not is_asked(context):  # else the load asks
            require_publishable(manifest, hook.source.label)
        return manifest

    def _run_id(self, scope: Scope, params: dict[str, Any], context: Context, now: datetime) -> str:
        """Return the open run to go on with, or a new one; a sample or a forced run is new."""
        is_new = params["max_pages"] or params["force"]
        open_run = None if is_new else self.lake.open_run(scope)
        return open_run or new_run_id(context["dag_run"].run_id, now)


class ManifestOperator(JobMarketOperator):
    """A task about what a manifest lists."""

    manifest_key: str

    def _manifest(self) -> Manifest:
        manifest = self.lake.read_manifest(self.manifest_key)
        self.receipt.run_id = manifest.run_id
        return manifest


class LoadDayOperator(ManifestOperator, AsksAboutGap):
    """Load what a manifest lists into the warehouse; return the counts. A gap is put to a person first.

    :param manifest_key: S3 key of the manifest. (templated)
    :param asset: gets the day as its partition, with the counts of the load.
    """

    phase = "load"
    template_fields = ("manifest_key", *AsksAboutGap.template_fields)

    def __init__(self, *, manifest_key: str, asset: Asset, **kwargs: Any) -> None:
        super().__init__(outlets=[asset], **kwargs)
        self.manifest_key = manifest_key
        self.asset = asset

    def execute(self, context: Context) -> dict[str, Any]:
        """Return rows inserted, updated, unchanged, rejected, and the rest of the load's counts."""
        manifest = self._manifest()
        self.ask_about_gap(manifest, context)
        return self._load(manifest, context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> dict[str, Any]:
        """Go on after a person has decided; raise :class:`IncompleteDay` if they refused."""
        manifest = self._manifest()
        if not self.is_published(manifest, event, context):
            # the run is open again: the next one asks for the rest only
            self.lake.delete_all([self.manifest_key])
            require_decided(manifest)
        return self._load(manifest, context)

    def _load(self, manifest: Manifest, context: Context) -> dict[str, Any]:
        from jobmarket.offers.load import load_run
        from jobmarket.offers.reference import apply_reference

        with self.warehouse() as connection:
            apply_reference(connection)
            result = load_run(
                connection,
                manifest,
                self.lake.iter_pages(manifest),
                source(manifest.source).reader(),
            )
        self.receipt.row_count = result.inserted + result.updated
        certificate = manifest.certificate
        counts = {"announced": certificate.announced, "collected": certificate.collected}
        counts |= result.counts()
        log.info(
            "Loaded day %s in %.1f s: %d inserted, %d updated, %d unchanged, %d rejected; everything: %s",
            manifest.day,
            result.seconds,
            result.inserted,
            result.updated,
            result.unchanged,
            result.rejected,
            counts,
        )
        announce_partition(context, self.asset, period_of_manifest(manifest), **counts)
        if result.drift:
            self._tell_of_drift(manifest, result.drift, context)
        return counts

    def _tell_of_drift(self, manifest: Manifest, drift: dict[str, int], context: Context) -> None:
        """Tell of fields that the contract does not know, once for the same fields."""
        named = ", ".join(
            f"{path} ({count})" for path, count in sorted(drift.items())[:TOLD_FIELDS]
        )
        more = f" and {len(drift) - TOLD_FIELDS} more" if len(drift) > TOLD_FIELDS else ""
        raise_alarm(
            Alarm(
                "drift",
                manifest.source,
                " ".join(sorted(drift)),
                "has changed its offers: unknown fields",
                f"Offers of {manifest.day} hold what the contract does not know, path and number of offers: "
                f"{known_secrets.redacted(named)}{more}.",
                "What stands there is not loaded; it is kept in raw.",
                f"Add the fields to {source(manifest.source).reader().contract} if they are worth it, then "
                f"load the days again with source = raw; this is told once for these fields.",
                link_to_ui(),
            ),
            is_once=True,
            context=context,
        )


class CheckDayOperator(ManifestOperator):
    """Check the loaded day against the bounds written in ``include/sql/check``.

    :param manifest_key: S3 key of the manifest. (templated)
    :param asset: gets the day as its partition, once it is checked.
    """

    phase = "check"
    template_fields = ("manifest_key",)

    def __init__(self, *, manifest_key: str, asset: Asset, **kwargs: Any) -> None:
        super().__init__(outlets=[asset], **kwargs)
        self.manifest_key = manifest_key
        self.asset = asset

    def execute(self, context: Context) -> None:
        """Log what warns; raise :class:`CheckFailed` naming all that fail."""
        from jobmarket.foundation.checks import require_passed, run_checks, store_results

        manifest = self._manifest()
        run = key_of_run(manifest)
        with self.warehouse() as connection, connection.transaction():
            results = run_checks(connection, **run)
            store_results(connection, results, **run)
        verdicts = Counter(result.verdict for result in results)
        log.info("%d checks: %s", len(results), dict(verdicts))
        for result in results:
            if result.verdict == "warned":
                log.warning("%s", result.sentence)
        require_passed(results)
        announce_partition(context, self.asset, period_of_manifest(manifest))


def _is_final(manifest: Manifest) -> bool:
    """Tell whether asking again could add nothing: all is there, or the share that the source gives."""
    return manifest.certificate.certified or manifest.certificate.is_share
