-- What ran and what it refused. First, because the migrations themselves are recorded here.
create schema control;
comment on schema control is 'What ran: migrations, runs with their certificate, records refused.';

create table control.schema_migration (
    file_name text primary key,
    sha256 text not null,
    applied_at timestamptz not null default now()
);
comment on table control.schema_migration is 'One row per file of include/sql/ddl that has been applied.';
comment on column control.schema_migration.file_name is 'Name of the file; files apply in the order of their names.';
comment on column control.schema_migration.sha256 is 'SHA-256 of its text, hexadecimal: an applied file never changes.';
comment on column control.schema_migration.applied_at is 'Instant of the transaction that applied it.';

create table control.ingestion_run (
    source text collate "C" not null,
    day date not null,
    run_id text collate "C" not null,
    status text not null check (status in ('loaded', 'refused')),
    is_sample boolean not null,
    is_gap_allowed boolean not null,
    is_certified boolean not null,
    collection_started_at timestamptz not null,
    collection_finished_at timestamptz not null,
    page_count integer not null,
    record_count integer not null,
    inserted_count integer not null,
    updated_count integer not null,
    unchanged_count integer not null,
    stale_count integer not null,
    rejected_count integer not null,
    duplicate_count integer not null,
    outside_day_count integer not null,
    load_count integer not null default 1,
    load_seconds double precision not null,
    loaded_at timestamptz not null default now(),
    certificate jsonb not null,
    drift jsonb not null,
    repairs jsonb not null,
    checks jsonb,
    primary key (source, day, run_id)
);
comment on table control.ingestion_run is
'One row per run of a source and day, loaded or refused, with its certificate; written with the rows it is about.';
comment on column control.ingestion_run.source is 'Where the offers come from: france_travail.';
comment on column control.ingestion_run.day is 'Day that the run is about: the offers created on it, Europe/Paris.';
comment on column control.ingestion_run.run_id is 'Run that collected the pages: the run= part of their S3 keys.';
comment on column control.ingestion_run.status is
'loaded: its rows are in core. refused: too many records broke the contract, nothing of that load is in core.';
comment on column control.ingestion_run.is_sample is
'The run was told to stop early, so it proves nothing about the day.';
comment on column control.ingestion_run.is_gap_allowed is
'A gap in the certificate was accepted when the run was started.';
comment on column control.ingestion_run.is_certified is 'The certificate proves that the whole day was collected.';
comment on column control.ingestion_run.collection_started_at is
'Instant the first request of the collection was made.';
comment on column control.ingestion_run.collection_finished_at is 'Instant the last page of the collection was landed.';
comment on column control.ingestion_run.page_count is 'Pages landed, as the manifest lists them.';
comment on column control.ingestion_run.record_count is
'Records on those pages = inserted + updated + unchanged + stale + rejected + duplicate + outside_day.';
comment on column control.ingestion_run.inserted_count is
'Offers of the day that core did not hold before the last load.';
comment on column control.ingestion_run.updated_count is 'Offers of the day whose rows the last load replaced.';
comment on column control.ingestion_run.unchanged_count is 'Offers of the day whose rows were already the same.';
comment on column control.ingestion_run.stale_count is 'Offers of the day that core already holds in a newer state.';
comment on column control.ingestion_run.rejected_count is
'Offers that break the contract and of which the run holds no valid record: see control.rejected_record.';
comment on column control.ingestion_run.duplicate_count is 'Further records of an offer already met in the run.';
comment on column control.ingestion_run.outside_day_count is
'Records of offers created on another day, read because the queries overlap the ends of the day.';
comment on column control.ingestion_run.load_count is
'How often this run has been loaded; the counts are those of the last time.';
comment on column control.ingestion_run.load_seconds is 'Wall time of the last load, in seconds.';
comment on column control.ingestion_run.loaded_at is 'Instant of the transaction of the last load.';
comment on column control.ingestion_run.certificate is
'The completeness certificate: announced, collected, gap, requests, statuses, slices.';
comment on column control.ingestion_run.drift is
'Fields and categories that the contract does not know, path to number of offers; empty if there are none.';
comment on column control.ingestion_run.repairs is
'What was put right in the records decoded by the last load, kind to number of offers.';
comment on column control.ingestion_run.checks is
'Results of the checks of include/sql/check; null until they have run.';

create table control.rejected_record (
    source text collate "C" not null,
    day date not null,
    run_id text collate "C" not null,
    page_key text collate "C" not null,
    position smallint not null,
    offer_id text collate "C",
    reason text not null,
    primary key (page_key, position)
);
comment on table control.rejected_record is
'One row per record that breaks the contract: why, and where its raw bytes are; the body stays in the lake.';
comment on column control.rejected_record.source is 'Where the record comes from: france_travail.';
comment on column control.rejected_record.day is 'Day that the run is about, Europe/Paris.';
comment on column control.rejected_record.run_id is 'Run that collected the page.';
comment on column control.rejected_record.page_key is 'S3 key of the page that holds the record.';
comment on column control.rejected_record.position is 'Place of the record in the list of the page, from 0.';
comment on column control.rejected_record.offer_id is 'Identifier of the offer; null where it cannot be read.';
comment on column control.rejected_record.reason is 'What was expected and what was met, one sentence.';
