"""``python -m sandbox``: its options, its one line, and what it refuses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
import requests

from sandbox.__main__ import main
from sandbox.adzuna.settings import AdzunaFaults, AdzunaSettings
from sandbox.arguments import parser, settings_of
from sandbox.settings import Faults, Settings

REPOSITORY = Path(__file__).parents[2]


def test_without_options_it_is_a_good_default() -> None:
    settings = settings_of(parser().parse_args([]))
    assert settings == Settings()
    assert settings.host == "127.0.0.1"


def test_every_option_arrives() -> None:
    line = (
        "--host 0.0.0.0 --port 8099 --client-id a --client-secret b --seed 3 --offers-per-day 9 "
        "--live 500000 "
        "--today 2026-11-20 --redate 2026-11-18 --offers f.jsonl.gz --latency-ms 300 --rate 4 "
        "--token-life-s 2 --burst 02:31:25=4000 --burst 09:00:00=5 --replicas --replica-gap 0.1 "
        "--fault-every 20 --fault-kinds cut,closed --vanish 7 --vanish-pace 2 --filter-shift-s -3600 "
        "--exclusive-bounds --unknown-fields --slow-ms 9 "
        "--hidden-share 0.2 --detail-every 6 --detail-kind other-id"
    )
    assert settings_of(parser().parse_args(line.split())) == Settings(
        host="0.0.0.0",  # noqa: S104
        port=8099,
        client_id="a",
        client_secret="b",
        seed=3,
        offers_per_day=9,
        live=500_000,
        now=datetime.fromisoformat("2026-11-20"),
        redate=date(2026, 11, 18),
        offers_file=Path("f.jsonl.gz"),
        latency_ms=300,
        rate=4,
        token_life_s=2,
        bursts=((9_085, 4_000), (32_400, 5)),
        faults=Faults(
            replicas=True,
            replica_gap=0.1,
            every=20,
            kinds=("cut", "closed"),
            vanish=7,
            vanish_pace=2,
            filter_shift_s=-3_600,
            exclusive_bounds=True,
            unknown_fields=True,
            slow_ms=9,
            hidden_share=0.2,
            detail_every=6,
            detail_kind="other-id",
        ),
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("--rate 0", "rate is 1 or more a second; met 0"),
        ("--burst 25:00:00=1", "argument --burst"),
        ("--burst 02:00:00", "argument --burst"),
        ("--today tomorrow", "argument --today"),
        ("--fault-kinds 500,418", "met 418"),
        ("--redate 2026-11-18", "redate needs offers_file"),
        ("--offers missing.jsonl", "missing.jsonl"),
        ("--offers-per-day 2000000", "offers_per_day is in 0..1000000"),
        ("--host 192.0.2.1", "Cannot assign requested address"),
    ],
)
def test_what_it_refuses_is_said_in_a_sentence(
    line: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(line.split())
    assert stopped.value.code == 2
    assert says in capsys.readouterr().err


def test_every_option_of_adzuna_arrives() -> None:
    line = (
        "--adzuna-app-id 11112222 --adzuna-app-key k1 --adzuna-live 9 --adzuna-fault-every 3 "
        "--adzuna-fault-kinds 503,cut --adzuna-fault-arrive 4 --adzuna-fault-vanish 5 "
        "--adzuna-fault-drift 0.02 --adzuna-fault-deepest-page 6 --adzuna-fault-unknown-fields"
    )
    assert settings_of(parser().parse_args(line.split())).adzuna == AdzunaSettings(
        app_id="11112222",
        app_key="k1",
        live=9,
        faults=AdzunaFaults(
            every=3,
            kinds=("503", "cut"),
            arrive=4,
            vanish=5,
            drift=0.02,
            deepest_page=6,
            unknown_fields=True,
        ),
    )


def test_the_secret_is_not_shown() -> None:
    assert "b-secret" not in repr(Settings(client_secret="b-secret"))


def test_it_says_where_it_listens_once_it_does_and_ends_on_a_signal() -> None:
    command = [sys.executable, "-m", "sandbox", "--offers-per-day", "100"]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = line.removeprefix("sandbox listening on ").strip()
        assert url.startswith("http://127.0.0.1:")
        assert requests.get(f"{url}/_sandbox/health", timeout=30).json() == {"status": "ok"}
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == -signal.SIGTERM
        assert process.stdout.read() == ""
