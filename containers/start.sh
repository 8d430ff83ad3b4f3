#!/usr/bin/env bash
# Wait until Airflow's database answers, then be one of Airflow's parts: start.sh scheduler
# The image's own wait (`airflow db check`) loads all of Airflow first, in four containers at once.
set -euo pipefail
address=${AIRFLOW__DATABASE__SQL_ALCHEMY_CONN##*@}
address=${address%%/*}
host=${address%%:*} port=${address##*:}
[ "$port" != "$host" ] || port=5432
until (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null; do
    sleep 1
done
exec airflow "$@"
