-- What was asked of a source whose requests are counted by the day and the month: one row a request, written before it
-- is sent. No query, no account: only that there was one.
create table control.source_request (
    request_no bigint generated always as identity primary key,
    source text collate "C" not null,
    run_id text collate "C" not null,
    reserved_at timestamptz not null default clock_timestamp()
);
create index source_request_reserved_at_idx on control.source_request (source, reserved_at);

comment on table control.source_request is
'One row per request that was reserved, and then made, of a source that allows few; two months of them.';
comment on column control.source_request.request_no is 'Number of the row.';
comment on column control.source_request.source is 'Source that was asked, as in core.job_offer.';
comment on column control.source_request.run_id is 'Run that asked: the run= part of the S3 keys of its pages.';
comment on column control.source_request.reserved_at is
'Instant at which the request was counted, by the clock of the warehouse; it was sent after that.';
