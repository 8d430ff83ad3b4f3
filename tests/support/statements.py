"""For each statement of ``infra/policies`` what breaks without it: the table of docs/aws.md, held by tests.

A name is that of a scenario in ``tests/support/lake_scenarios.py``, of a test in
``tests/infra/test_least_privilege.py``, ``tests/infra/whole_runs.py`` or ``tests/infra/deployed.py``.
"""

from __future__ import annotations

from tests.support.lake_scenarios import A_LIFE

KEYS_OF_THE_ACCOUNT = "AccountGivesRights"

_SERVICE = "test_what_a_service_of_aws_asks_for_is_refused_without_its_statement"
_TLS = "test_nothing_comes_without_tls"
_KEY = "test_a_key_leaves_its_use_to_the_policies_of_the_roles"
_CONNECTIONS = "read_the_connections_of_tasks"
_START = "start_a_service"
_PREPARE = "start_the_task_prepare"
HISTORY = "test_keeping_a_day_is_refused_without_a_statement"

BREAKS: dict[tuple[str, str], str] = {
    ("tasks", "ListTheLake"): "collect_a_day",
    ("tasks", "ReadRaw"): "replay_a_day",
    ("tasks", "LandPagesNeverOverAnother"): "collect_a_day",
    ("tasks", "WriteWhatIsSaidOfPages"): "collect_a_day",
    ("tasks", "WriteReports"): "report_on_a_day",
    ("tasks", "ReplaceReports"): "report_on_a_day",
    ("tasks", "ForgetRaw"): "forget_a_day",
    ("tasks", "KeepTheHistory"): HISTORY,
    ("tasks", "FindTheHistory"): HISTORY,
    ("tasks", "RegisterTheHistory"): HISTORY,
    ("tasks", "MarkAlarms"): "mark_an_alarm",
    ("tasks", "ProbeRaw"): "examine_the_lake",
    ("tasks", "ReadProbeOfReports"): "examine_the_lake",
    ("tasks", "LookAtTheBucket"): "examine_the_lake",
    ("tasks", "EncryptObjects"): "report_on_a_day",
    ("tasks", "DecryptObjects"): "load_a_day",
    ("tasks", "ReadConnectionFranceTravail"): _CONNECTIONS,
    ("tasks", "ReadConnectionWarehouse"): _CONNECTIONS,
    ("tasks", "DecryptConnections"): _CONNECTIONS,
    ("tasks", "FindTheLogGroup"): "log_a_task",
    ("tasks", "BeginALog"): "log_a_task",
    ("tasks", "WriteLogs"): "log_a_task",
    ("ui", "ListTheLake"): "show_a_report",
    ("ui", "ReadReports"): "show_a_report",
    ("ui", "DecryptReports"): "show_a_report",
    ("ui", "ReadConnectionWarehouse"): "read_the_connection_of_the_ui",
    ("ui", "DecryptConnections"): "read_the_connection_of_the_ui",
    ("ui", "ReadLogs"): "show_a_log",
    ("start", "LogInToTheRegistry"): _START,
    ("start", "PullTheImage"): _START,
    ("start", "WriteLogs"): _START,
    ("start", "ReadKeysOfAirflow"): _START,
    ("start", "DecryptSecrets"): _START,
    ("start_prepare", "LogInToTheRegistry"): _PREPARE,
    ("start_prepare", "PullTheImage"): _PREPARE,
    ("start_prepare", "WriteLogs"): _PREPARE,
    ("start_prepare", "ReadAdministrator"): _PREPARE,
    ("start_prepare", "ReadDatabaseAndKeyOfAirflow"): _PREPARE,
    ("start_prepare", "ReadConnectionWarehouse"): _PREPARE,
    ("start_prepare", "ReadConnectionOfTheOwner"): _PREPARE,
    ("start_prepare", "ReadAnalyst"): _PREPARE,
    ("start_prepare", "DecryptSecrets"): _PREPARE,
    ("lake_bucket", "OnlyByTls"): _TLS,
    ("audit_bucket", "OnlyByTls"): _TLS,
    ("audit_bucket", "TrailLooks"): _SERVICE,
    ("audit_bucket", "TrailWrites"): _SERVICE,
    ("audit_bucket", "NetworkLooks"): _SERVICE,
    ("audit_bucket", "NetworkWrites"): _SERVICE,
    ("audit_key", KEYS_OF_THE_ACCOUNT): _KEY,
    ("audit_key", "TrailEncrypts"): _SERVICE,
    ("audit_key", "TrailLooks"): _SERVICE,
    ("audit_key", "NetworkEncrypts"): _SERVICE,
    ("audit_key", "LogsEncrypt"): _SERVICE,
    ("audit_key", "AlarmsEncrypt"): _SERVICE,
    ("data_key", KEYS_OF_THE_ACCOUNT): _KEY,
    ("alarm_topic", "AlarmsTell"): _SERVICE,
    ("trust", "TasksOfThisAccount"): _SERVICE,
}


def of_the_lake() -> list[tuple[str, str]]:
    """Return the statements whose scenario needs nothing but an object store."""
    return [key for key, name in BREAKS.items() if name in {one.__name__ for one in A_LIFE}]
