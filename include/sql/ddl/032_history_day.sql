-- Which days the history holds, and which of them the warehouse has given up: the rows themselves are in Iceberg.
create table control.history_day (
    source text collate "C" not null,
    day date not null,
    offer_count integer not null,
    load_count bigint not null,
    snapshot_id bigint not null,
    written_at timestamptz not null default now(),
    given_up_at timestamptz,
    primary key (source, day)
);

comment on table control.history_day is
'One row per source and day that was written to the history (Apache Iceberg): see docs/history.md.';
comment on column control.history_day.source is 'Where the offers come from: france_travail.';
comment on column control.history_day.day is 'Day of creation of the offers, Europe/Paris.';
comment on column control.history_day.offer_count is 'Offers of the day as they were written.';
comment on column control.history_day.load_count is
'Loads that the runs of the day had had: after another load the day is written again.';
comment on column control.history_day.snapshot_id is 'Snapshot of the Iceberg table that the write made.';
comment on column control.history_day.written_at is 'Instant at which the write was noted.';
comment on column control.history_day.given_up_at is
'Instant at which the offers of the day were deleted from core, since the history holds them; null if they were not.';
