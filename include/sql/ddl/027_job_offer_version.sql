-- The states that an offer was in before its current one. A state that meant something else than the one after it is a
-- version, kept whole, once, when it ends; one after which only its date, a label or damage to its text changed is
-- noted by that alone. Unchanged offers are not touched: there is no date of last sight.
create table core.job_offer_version (
    like core.job_offer including comments,
    valid_from timestamptz not null,
    valid_to timestamptz not null,
    ended_by_run_id text collate "C" not null,
    changed_fields text[] not null,
    parts jsonb not null,
    primary key (source, offer_id, valid_to, content_hash)
)
partition by range (valid_to);

-- one partition a month, made ahead by the owner, since the account that loads may create nothing; what lies beyond
-- goes into the last one until a further file makes more
do $$
declare
    month timestamp;
begin
    for month in select generate_series('2026-01-01'::timestamp, '2027-12-01'::timestamp, interval '1 month')
    loop
        execute format(
            'create table core.job_offer_version_%s partition of core.job_offer_version for values from (%L) to (%L)',
            to_char(month, 'YYYY_MM'),
            to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
            to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00'
        );
    end loop;
end
$$;
create table core.job_offer_version_other partition of core.job_offer_version default;

comment on table core.job_offer_version is
'One row per state of an offer that ended in another meaning: append-only, but for runs that are loaded out of order.';
comment on column core.job_offer_version.valid_from is
'Instant from which the offer said this: its creation, or the update that the source dated; where the source changed it
without a date, when that was first observed.';
comment on column core.job_offer_version.valid_to is
'Instant from which it said something else, by the same rule. Not included. Partitions are its months, UTC.';
comment on column core.job_offer_version.ended_by_run_id is 'Run that first observed the state after it.';
comment on column core.job_offer_version.changed_fields is
'Columns, and lists such as skill, in which the version after it says something else; in alphabetical order.';
comment on column core.job_offer_version.parts is
'Its lists, each as rows of core.job_offer_ and its name, without those that are empty.';

create table core.job_offer_restatement (
    source text collate "C" not null,
    offer_id text collate "C" not null,
    observed_at timestamptz not null,
    content_hash bytea not null,
    run_id text collate "C" not null,
    rules_hash integer,
    ended_at timestamptz not null,
    restatement_kind text not null check (restatement_kind in ('refreshed', 'relabelled', 'damaged')),
    replaced jsonb not null,
    primary key (source, offer_id, observed_at, content_hash)
);
comment on table core.job_offer_restatement is
'One row per state of an offer after which it was stated anew and meant the same: no version, and not lost.';
comment on column core.job_offer_restatement.source is 'Where the offer comes from, as in core.job_offer.';
comment on column core.job_offer_restatement.offer_id is 'Offer, as in core.job_offer.';
comment on column core.job_offer_restatement.observed_at is 'Instant at which the source first gave this state.';
comment on column core.job_offer_restatement.content_hash is 'XXH3-128 of its bytes, as in core.job_offer.';
comment on column core.job_offer_restatement.run_id is 'Run that first observed it.';
comment on column core.job_offer_restatement.rules_hash is 'Version of what read it, as in core.job_offer.';
comment on column core.job_offer_restatement.ended_at is
'Instant from which it was stated otherwise: the update that the source dated, or when that was first observed.';
comment on column core.job_offer_restatement.restatement_kind is
'What became otherwise: refreshed (only the date of the update), relabelled (labels of codes, coordinates within the
same commune, the address at a partner), damaged (characters of a text lost or cut, with or without the others).';
comment on column core.job_offer_restatement.replaced is
'The values of this state that the next one has otherwise, column to value: the state is the next one with these.';
