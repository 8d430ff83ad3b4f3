-- What a run took: one row a task of it, all attempts together. Written by the task itself when it ends, well or not; a
-- task that is killed leaves none of that attempt.
create table control.run_receipt (
    dag_id text collate "C" not null,
    dag_run_id text collate "C" not null,
    phase text collate "C" not null check (phase in ('extract', 'load', 'check', 'report')),
    source text collate "C" not null,
    period_key text collate "C" not null,
    first_day date not null,
    run_id text collate "C",
    is_done boolean not null,
    attempt_count integer not null default 1,
    phase_seconds double precision not null,
    warehouse_seconds double precision not null,
    source_call_count bigint not null,
    source_bytes bigint not null,
    row_count bigint not null,
    lake_write_count bigint not null,
    lake_read_count bigint not null,
    lake_written_bytes bigint not null,
    lake_read_bytes bigint not null,
    s3_cost_usd double precision not null,
    rds_cost_usd double precision not null,
    finished_at timestamptz not null default clock_timestamp(),
    primary key (dag_id, dag_run_id, phase)
);
create index run_receipt_first_day_idx on control.run_receipt (source, first_day);

comment on table control.run_receipt is
'One row per task of an Airflow run that ended, well or not: time, calls, bytes, rows, estimated cost; all attempts.';
comment on column control.run_receipt.dag_id is 'DAG of the run.';
comment on column control.run_receipt.dag_run_id is 'Run, as Airflow calls it.';
comment on column control.run_receipt.phase is 'Task: extract, load, check or report.';
comment on column control.run_receipt.source is 'Where the offers come from: france_travail.';
comment on column control.run_receipt.period_key is
'Day, ISO week or month that the run is about: 2026-11-18, 2026-W47, 2026-11.';
comment on column control.run_receipt.first_day is 'Its first day, Europe/Paris.';
comment on column control.run_receipt.run_id is
'Run that collected the pages, as in control.ingestion_run; null if that is not known, or of a longer period.';
comment on column control.run_receipt.is_done is 'Its last attempt ended well.';
comment on column control.run_receipt.attempt_count is
'Attempts that ended: retries and cleared tasks count; those that were killed do not.';
comment on column control.run_receipt.phase_seconds is
'Wall time of the task, in seconds, without waiting for its turn.';
comment on column control.run_receipt.warehouse_seconds is
'Of it with a connection to the warehouse open, in seconds.';
comment on column control.run_receipt.source_call_count is
'HTTP requests to the source, as the certificate counts them; 0 if nothing was asked.';
comment on column control.run_receipt.source_bytes is 'Bytes of the bodies that the source answered.';
comment on column control.run_receipt.row_count is
'Offers collected (extract) or written (load: inserted and updated); 0 of other tasks.';
comment on column control.run_receipt.lake_write_count is 'Requests to S3 that are priced as writes: PUT, POST, LIST.';
comment on column control.run_receipt.lake_read_count is 'Requests to S3 that are priced as reads: GET, HEAD.';
comment on column control.run_receipt.lake_written_bytes is 'Bytes sent to S3.';
comment on column control.run_receipt.lake_read_bytes is 'Bytes of objects that S3 answered.';
comment on column control.run_receipt.s3_cost_usd is
'Estimate in US dollars at the prices of include/reference/unit_price.toml: requests, and a month of what was written.';
comment on column control.run_receipt.rds_cost_usd is
'Estimate in US dollars at the same prices: the time of the server, and a month of the rows that were written.';
comment on column control.run_receipt.finished_at is 'Instant at which its last attempt ended.';
