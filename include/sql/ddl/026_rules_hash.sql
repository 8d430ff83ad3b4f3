-- Which version of all that reads an offer has written a row, and which one has last compared a run with its rows: a
-- day loaded again from raw reads what another version has written, and writes what comes out otherwise.
alter table control.ingestion_run
add column rules_hash integer;

comment on column control.ingestion_run.rules_hash is
'Version of what reads offers that last compared all of the run with core; null: its next load compares it.';

comment on column core.job_offer.rules_hash is
'Version of all that reads an offer, from contract to reference files, that wrote the row: see docs/architecture.md.';

create table control.reader_version (
    reader text collate "C" not null,
    files_hash bytea not null,
    rules_hash integer not null,
    noted_at timestamptz not null default now(),
    primary key (reader, files_hash)
);

comment on table control.reader_version is
'Which version of all that reads an offer the files of the project hold: found once for each state of the files.';
comment on column control.reader_version.reader is 'Module of the reader of a source.';
comment on column control.reader_version.files_hash is
'XXH3-128 of all files that may take part, comments included.';
comment on column control.reader_version.rules_hash is
'The version: a fingerprint of what reads an offer, without comments, docstrings and layout.';
comment on column control.reader_version.noted_at is 'When a load first met these files.';
