"""One Airflow operator a task of the sweep of the live stock: extract, load, ask, conclude, check.

What lives here: the order of calls. What does not: how a sweep is read (``sources``), what its absences mean
(``offers.life``), what all operators share (``task``).

Between tasks passes the key of the sweep's manifest. What the source said of absences lies beside the
manifest, so that each task can be run again alone, and a replay asks for nothing.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from jobmarket.airflow.forms import INVENTORY_FORM, require_known_names
from jobmarket.airflow.kept_days import grace_days
from jobmarket.airflow.task import JobMarketOperator, announce_partition
from jobmarket.foundation.day import PARIS, parse_day
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
    from collections.abc import Sequence

    from airflow.sdk import Asset, Context

    from jobmarket.foundation.lake.manifest import Manifest

log = logging.getLogger(__name__)


class ExtractStockOperator(JobMarketOperator):
    """Land all offers that are live, and prove that they are all; return the key of the manifest.

    Reads from the run's parameters: ``day`` (pass on what landed on it), ``force`` (sweep again today),
    ``allow_gap``, ``max_pages`` (a sample, which proves nothing and closes nothing).

    :param source: its name, as in ``sources/registry.py``.
    :param asset: gets the day as its partition, with the counts of the certificate.
    """

    def __init__(self, *, source: str, asset: Asset, **kwargs: Any) -> None:
        super().__init__(outlets=[asset], **kwargs)
        self.source = source
        self.asset = asset

    def execute(self, context: Context) -> str:
        """Return the key of the manifest of the sweep."""
        params = context["params"]
        require_known_names(params, INVENTORY_FORM)
        self.lake.ensure_bucket()
        manifest = self._landed(params) or self._extract(params, context)
        certificate = manifest.certificate
        announce_partition(
            context,
            self.asset,
            period_of_manifest(manifest),
            collected=certificate.collected,
            gap=certificate.gap,
        )
        return manifest_key(scope_of(manifest), manifest.run_id)

    def _landed(self, params: dict[str, Any]) -> Manifest | None:
        """Return the sweep that is to be passed on; none if the source is to be asked."""
        today = _today()
        day = parse_day(params["day"], "parameter day") if params["day"] else today
        if day == today and (params["force"] or params["max_pages"]):
            return None
        scope = Scope(self.source, str(day), "stock")
        manifest = self.lake.manifest_of(scope)
        if manifest is None and day != today:
            raise ConfigurationError(
                f"No sweep of {day} has landed under {self.lake.uri(scope.prefix)}, and a source gives only "
                f"what is live now: leave `day` empty to sweep today."
            )
        if manifest and day == today and not manifest.certificate.certified:
            return manifest if params["allow_gap"] else None
        if manifest:
            log.info(
                "The stock of %s is collected: run %s, %d offers; nothing is asked (force asks again)",
                day,
                manifest.run_id,
                manifest.certificate.collected,
            )
        return manifest

    def _extract(self, params: dict[str, Any], context: Context) -> Manifest:
        from jobmarket.airflow.source_hook import SourceHook
        from jobmarket.sources.contract import Collecting

        scope = Scope(self.source, str(_today()), "stock")
        is_new = params["max_pages"] or params["force"]
        open_run = None if is_new else self.lake.open_run(scope)
        hook = SourceHook(self.source)
        manifest = hook.source.collect(
            Collecting(
                client=hook.get_conn(),
                lake=self.lake,
                scope=scope,
                run_id=open_run or new_run_id(context["dag_run"].run_id, datetime.now(UTC)),
                open_warehouse=self.warehouse,
                max_pages=params["max_pages"],
                allow_gap=params["allow_gap"],
            )
        )
        require_publishable(manifest, hook.source.label)
        return manifest


class SweepOperator(JobMarketOperator):
    """What the tasks after the extraction share: the manifest of the sweep.

    :param manifest_key: S3 key of the manifest. (templated)
    """

    template_fields: Sequence[str] = ("manifest_key",)

    def __init__(self, *, manifest_key: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.manifest_key = manifest_key

    def manifest(self) -> Manifest:
        """Read the manifest of the sweep."""
        return self.lake.read_manifest(self.manifest_key)


class LoadStockOperator(SweepOperator):
    """Load a sweep into the warehouse and note what it misses; return the counts."""

    def execute(self, context: Context) -> dict[str, Any]:
        """Return how many offers it holds and misses, and the counts of its load."""
        del context
        from jobmarket.offers.life.sweep import load_sweep
        from jobmarket.offers.reference import apply_reference

        manifest = self.manifest()
        with self.warehouse() as connection:
            apply_reference(connection)
            result = load_sweep(
                connection,
                manifest,
                self.lake.iter_pages(manifest),
                source(manifest.source).reader(),
            )
        counts = result.load.counts() | {
            "offers": result.offers,
            "is_counted": result.is_counted,
            "absent": result.absent,
        }
        log.info("Loaded the stock of %s: %s", manifest.day, counts)
        return counts


class AskAbsencesOperator(SweepOperator):
    """Ask for offers that a sweep misses by their ids, and keep the answers beside it; return their counts.

    A random sample is asked for; if one of it is alive, all are. A sweep of an earlier day asks for nothing:
    what an offer is today says nothing of then.
    """

    def execute(self, context: Context) -> dict[str, int]:
        """Return how many are alive and gone, unanswered, and alive after having been called gone."""
        del context
        from jobmarket.foundation.lake.absences import read_absences

        manifest = self.manifest()
        if manifest.day == str(_today()):
            self._ask(manifest)
        answers = read_absences(self.lake, manifest)
        counts = {
            name: len(getattr(answers, name))
            for name in ("alive", "gone", "unanswered", "wavering")
        }
        log.info("Absences of %s asked for: %s", manifest.day, counts)
        if answers.unanswered or answers.wavering:
            log.warning(
                "Of the offers that the sweep of %s misses, %d got no usable answer and are not taken for "
                "gone, and %d were called gone and given a moment later: %s",
                manifest.day,
                len(answers.unanswered),
                len(answers.wavering),
                ", ".join([*answers.unanswered, *answers.wavering][:10]),
            )
        return counts

    def _ask(self, manifest: Manifest) -> None:
        from jobmarket.airflow.source_hook import SourceHook
        from jobmarket.foundation.lake.absences import read_absences, write_absences
        from jobmarket.offers.life.sweep import ASKED, all_absent, drawn, held, is_counted
        from jobmarket.sources.absences import ask_each, require_trustworthy

        day = date.fromisoformat(manifest.day)
        with self.warehouse() as connection:
            if not is_counted(connection, manifest):
                return
            absent = all_absent(connection, manifest.source, day)
            controls = held(connection, manifest.source, day)
        known = read_absences(self.lake, manifest)
        asked = {*known.alive, *known.gone}
        # what was asked before may be closed since: no second lot is cast of the rest
        sample = drawn(absent, day) if len(asked) + len(known.unanswered) < ASKED else []
        due = {one.offer_id for one in absent if one.is_due}
        client = SourceHook(manifest.source).get_conn()
        try:
            if any(one not in asked for one in sample):
                require_trustworthy(client, controls, SourceHook(manifest.source).source.label)
            is_one_alive = bool(known.alive)
            for offer_ids, is_rest in ((sample, False), ([one.offer_id for one in absent], True)):
                if is_rest and not is_one_alive:
                    continue
                left = [offer_id for offer_id in offer_ids if offer_id not in asked]
                for answers in ask_each(client, left, once=due):
                    write_absences(self.lake, manifest, answers)
                    asked |= {*answers.alive, *answers.gone}
                    is_one_alive |= bool(answers.alive)
        finally:
            client.close()


class ConcludeAbsencesOperator(SweepOperator):
    """Close what a sweep and the answers prove gone, erase what is closed for long; return the receipt.

    Reads from the run's parameters: ``allow_wave``. After how many days it erases is the Airflow variable
    ``erasure_grace_days``, 7 unless it is set.
    """

    def execute(self, context: Context) -> dict[str, Any]:
        """Return the receipt; an empty one of a sweep that closes nothing."""
        from jobmarket.foundation.lake.absences import read_absences
        from jobmarket.offers.life.conclusion import conclude_absences
        from jobmarket.offers.life.sweep import is_counted

        manifest = self.manifest()
        answers = read_absences(self.lake, manifest)
        with self.warehouse() as connection:
            if not is_counted(connection, manifest):
                log.info(
                    "The sweep of %s is not certified, or not the first of its day: it closes nothing",
                    manifest.day,
                )
                return {}
            conclusion = conclude_absences(
                connection,
                date.fromisoformat(manifest.day),
                answers.alive,
                answers.gone,
                context["params"]["allow_wave"],
                unanswered_ids=answers.unanswered,
                grace_days=grace_days(),
                source=manifest.source,
            )
        log.info("%s", conclusion.sentence)
        receipt: dict[str, Any] = msgspec.to_builtins(conclusion)
        return receipt


class CheckStockOperator(SweepOperator):
    """Check a loaded sweep against the bounds written in ``include/sql/check_stock``."""

    def execute(self, context: Context) -> None:
        """Log what warns; raise :class:`CheckFailed` naming all that fail."""
        del context
        from jobmarket.foundation.checks import STOCK_DIRECTORY, require_passed, run_checks

        run = key_of_run(self.manifest())
        with self.warehouse() as connection:
            results = run_checks(connection, **run, directory=STOCK_DIRECTORY)
        log.info("%d checks: %s", len(results), dict(Counter(r.verdict for r in results)))
        for result in results:
            if result.verdict == "warned":
                log.warning("%s", result.sentence)
        require_passed(results)


def _today() -> date:
    """Return the day on which a sweep is made: a stock is what it is when it is looked at."""
    return datetime.now(PARIS).date()
