"""The options of ``python -m sandbox`` and the settings they make. What they mean is in ``settings``."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sandbox.adzuna.settings import KINDS, AdzunaFaults, AdzunaSettings
from sandbox.settings import DETAIL_FAULT_KINDS, FAULT_KINDS, Faults, Settings, parse_burst

_EPILOG = """\
The token endpoint is /connexion/oauth2/access_token?realm=/partenaire, the API is below
/partenaire/offresdemploi/v2/. Below /_sandbox/ is what the real API does not have: health, ids?day=,
requests, stats, faults. Example of a bad day:

  python -m sandbox --port 8099 --replicas --fault-every 20 --burst 09:00:00=4000

The same server stands in for Adzuna, France, below /v1/api/jobs/fr/search/; what belongs to it begins with
--adzuna.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A local stand-in for the France Travail API « Offres d'emploi v2 ».",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_serving(made.add_argument_group("serving"))
    _add_offers(made.add_argument_group("offers"))
    _add_faults(made.add_argument_group("misbehaviour"))
    _add_adzuna(made.add_argument_group("Adzuna"))
    return made


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Return the settings that a command line asks for; raise :class:`ValueError` if they are not sound."""
    given = vars(arguments)
    faults = Faults(
        every=given.pop("fault_every"),
        kinds=given.pop("fault_kinds"),
        **{name: given.pop(name) for name in _OTHER_FAULTS},
    )
    return Settings(
        bursts=tuple(given.pop("burst")), faults=faults, adzuna=_adzuna_of(given), **given
    )


def _adzuna_of(given: dict[str, Any]) -> AdzunaSettings:
    """Take what belongs to Adzuna out of the options."""
    own = {name: given.pop(f"adzuna_{name}") for name in ("app_id", "app_key", "live")}
    faults = {
        name.removeprefix("adzuna_fault_"): given.pop(name)
        for name in list(given)
        if name.startswith("adzuna_fault_")
    }
    return AdzunaSettings(faults=AdzunaFaults(**faults), **own)


_OTHER_FAULTS = (
    *("replicas", "replica_gap", "vanish", "vanish_pace", "filter_shift_s", "exclusive_bounds"),
    *("unknown_fields", "slow_ms", "hidden_share", "detail_every", "detail_kind"),
)


def _add_serving(group: argparse._ArgumentGroup) -> None:
    default = Settings()
    group.add_argument(
        "--host", default=default.host, help="address to listen on (default: %(default)s)"
    )
    group.add_argument(
        "--port", type=int, default=0, help="port; 0 takes a free one and prints it (default: 0)"
    )
    group.add_argument(
        "--client-id", default=default.client_id, help="the client accepted (default: %(default)s)"
    )
    group.add_argument(
        "--client-secret", default=default.client_secret, help="its secret (default: sandbox)"
    )
    group.add_argument(
        "--rate",
        type=int,
        default=default.rate,
        help="requests a second allowed (default: %(default)s)",
    )
    group.add_argument(
        "--token-life-s",
        type=float,
        default=default.token_life_s,
        help="life of a token (default: %(default)s)",
    )
    group.add_argument(
        "--latency-ms", type=int, default=0, help="added to every answer (default: 0)"
    )


def _add_offers(group: argparse._ArgumentGroup) -> None:
    default = Settings()
    group.add_argument(
        "--seed", type=int, default=default.seed, help="of generated offers (default: %(default)s)"
    )
    group.add_argument(
        "--offers-per-day",
        type=int,
        default=default.offers_per_day,
        help="on a weekday; 45 %% of it on Saturday and Sunday (default: %(default)s)",
    )
    group.add_argument(
        "--lively",
        dest="is_lively",
        action=argparse.BooleanOptionalAction,
        default=default.is_lively,
        help="days that differ: seasons, weeks, holidays, feeds that fail and come back, trades that rise "
        "(default: every weekday has exactly its volume)",
    )
    group.add_argument(
        "--live",
        type=int,
        help="offers that a query without dates covers, over past days (default: the last 3 days)",
    )
    group.add_argument(
        "--mean-life-days",
        type=float,
        metavar="DAYS",
        help="offers close after so many days on average, and only those that are live are given (default: "
        "nothing closes)",
    )
    group.add_argument(
        "--return-share",
        type=float,
        default=default.return_share,
        help="share of the offers that are gone for some days in between (default: %(default)s)",
    )
    group.add_argument(
        "--change-share",
        type=float,
        default=default.change_share,
        help="share of the offers that are changed once (default: %(default)s)",
    )
    group.add_argument(
        "--today",
        dest="now",
        type=datetime.fromisoformat,
        metavar="YYYY-MM-DD[THH:MM:SS]",
        help="the Paris time it is, midnight if only a day; later offers do not exist (default: the clock)",
    )
    group.add_argument(
        "--burst",
        type=parse_burst,
        action="append",
        default=[],
        metavar="HH:MM:SS=COUNT",
        help="more partner offers in one second, beside the two bursts that every day has; repeatable",
    )
    group.add_argument(
        "--offers",
        dest="offers_file",
        type=Path,
        metavar="FILE",
        help="serve the offers of a JSON-lines file, gzip or not",
    )
    group.add_argument(
        "--redate",
        type=date.fromisoformat,
        metavar="DAY",
        help="put the offers of the file on one day, time of day kept",
    )


def _add_faults(group: argparse._ArgumentGroup) -> None:
    default = Faults()
    group.add_argument(
        "--replicas", action="store_true", help="two out-of-step replicas answer in turn"
    )
    group.add_argument(
        "--replica-gap",
        type=float,
        default=default.replica_gap,
        help="share the lagging one misses (default: %(default)s)",
    )
    group.add_argument(
        "--fault-every",
        type=int,
        default=0,
        metavar="N",
        help="every Nth search misbehaves (default: 0)",
    )
    group.add_argument(
        "--fault-kinds",
        type=lambda text: tuple(text.split(",")),
        default=FAULT_KINDS,
        metavar="KIND,…",
        help=f"the cycle of misbehaviours (default: {','.join(FAULT_KINDS)})",
    )
    group.add_argument(
        "--vanish",
        type=int,
        default=0,
        metavar="N",
        help="N offers of a day vanish while it is read",
    )
    group.add_argument(
        "--vanish-pace",
        type=int,
        default=default.vanish_pace,
        metavar="N",
        help="one each N searches (default: %(default)s)",
    )
    group.add_argument(
        "--filter-shift-s",
        type=int,
        default=0,
        metavar="S",
        help="asked [a, b], the date filter gives [a+S, b+S]",
    )
    group.add_argument(
        "--exclusive-bounds", action="store_true", help="the date filter leaves its bounds out"
    )
    group.add_argument(
        "--unknown-fields",
        action="store_true",
        help="some offers have fields that nobody documented",
    )
    group.add_argument(
        "--hidden-share",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="share of the closed offers that are live when asked for by their id (default: %(default)s)",
    )
    group.add_argument(
        "--detail-every",
        type=int,
        default=0,
        metavar="N",
        help="every Nth question for one offer misbehaves (default: 0)",
    )
    group.add_argument(
        "--detail-kind",
        default=default.detail_kind,
        metavar="KIND",
        help=f"how: one of {', '.join(DETAIL_FAULT_KINDS)} (default: %(default)s)",
    )
    group.add_argument(
        "--slow-ms",
        type=int,
        default=default.slow_ms,
        help="how long a slow answer takes (default: %(default)s)",
    )


def _add_adzuna(group: argparse._ArgumentGroup) -> None:
    default, faults = AdzunaSettings(), AdzunaFaults()
    group.add_argument(
        "--adzuna-app-id",
        default=default.app_id,
        help="the account accepted (default: %(default)s)",
    )
    group.add_argument("--adzuna-app-key", default=default.app_key, help="its key")
    group.add_argument(
        "--adzuna-live",
        type=int,
        default=default.live,
        help="ads that are live at any moment (default: %(default)s)",
    )
    for name, kind, meaning in (
        ("every", int, "every Nth search misbehaves"),
        ("arrive", int, "ads that appear with each search"),
        ("vanish", int, "ads that disappear with each search"),
        ("drift", float, "by how much of itself the count is off, at most"),
        ("deepest-page", int, "pages beyond this hold nothing; 0 is no such page"),
    ):
        group.add_argument(
            f"--adzuna-fault-{name}",
            type=kind,
            default=getattr(faults, name.replace("-", "_")),
            metavar="N",
            help=f"{meaning} (default: %(default)s)",
        )
    group.add_argument(
        "--adzuna-fault-kinds",
        type=lambda text: tuple(text.split(",")),
        default=KINDS,
        metavar="KIND,…",
        help=f"the cycle of misbehaviours (default: {','.join(KINDS)})",
    )
    group.add_argument(
        "--adzuna-fault-unknown-fields",
        action="store_true",
        help="some ads have fields that nobody documented",
    )
