-- What sweeps of the whole stock say of the life of an offer. Only what departs from the ordinary is written: an offer
-- without a row in core.offer_absence has been open since its creation, in every certified sweep.
create table control.sweep (
    source text collate "C" not null,
    day date not null,
    run_id text collate "C" not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    is_certified boolean not null,
    is_counted boolean not null,
    offer_count integer not null,
    absent_count integer not null,
    counts jsonb not null,
    loaded_at timestamptz not null default now(),
    alive_count integer,
    gone_count integer,
    closed_count integer,
    waiting_count integer,
    false_closure_bound double precision,
    concluded_at timestamptz,
    primary key (source, day, run_id)
);
create unique index sweep_counted_key on control.sweep (source, day) where is_counted;
comment on table control.sweep is 'One row per loaded sweep of the whole stock of a source, with what it closed.';
comment on column control.sweep.source is 'Where the offers come from: france_travail.';
comment on column control.sweep.day is 'Day of the sweep, Europe/Paris.';
comment on column control.sweep.run_id is 'Run that collected it.';
comment on column control.sweep.started_at is 'Instant of its first request.';
comment on column control.sweep.finished_at is 'Instant at which its last page was landed.';
comment on column control.sweep.is_certified is 'The certificate proves that the whole stock was read.';
comment on column control.sweep.is_counted is
'Absences are told by it: it is certified, and the first certified one of its day that was loaded.';
comment on column control.sweep.offer_count is 'Distinct offers that it holds.';
comment on column control.sweep.absent_count is
'Offers that were open at the counted sweep before it and that it does not hold, or did not when it was loaded.';
comment on column control.sweep.counts is 'The counts of its load: inserted, updated, unchanged and the others.';
comment on column control.sweep.loaded_at is 'Instant of the transaction that loaded it.';
comment on column control.sweep.alive_count is 'Of its absences asked for one by one, those that were alive.';
comment on column control.sweep.gone_count is 'Of its absences asked for one by one, those that were gone (204).';
comment on column control.sweep.closed_count is 'Offers that were closed with it.';
comment on column control.sweep.waiting_count is
'Offers that it would have closed, had they not been more than a person must allow.';
comment on column control.sweep.false_closure_bound is
'With 95 % confidence no more than this part of its absences that were not asked for is alive; null: none was
asked for.';
comment on column control.sweep.concluded_at is 'Instant of the transaction that closed; null: not yet.';

create table core.offer_absence (
    source text collate "C" not null,
    offer_id text collate "C" not null,
    first_missing_on date not null,
    last_seen_on date not null,
    second_missing_on date,
    seen_again_on date,
    gone_on date,
    is_closed boolean not null default false,
    is_erased boolean not null default false,
    is_end boolean not null generated always as (
        is_closed and (seen_again_on is null or seen_again_on - last_seen_on > 7)
    ) stored,
    closed_on date generated always as (
        case when is_closed then least(gone_on, second_missing_on) end
    ) stored,
    primary key (source, offer_id, first_missing_on)
);
create index offer_absence_first_missing_on_idx on core.offer_absence (source, first_missing_on);
create index offer_absence_open_idx on core.offer_absence (source, offer_id) where seen_again_on is null;
-- what waits to be closed
create index offer_absence_unclosed_idx on core.offer_absence (source, first_missing_on) where not is_closed;

-- what waits to be erased
create index offer_absence_unerased_idx on core.offer_absence (source, closed_on) where is_end and not is_erased;

comment on table core.offer_absence is
'One row per stretch of counted sweeps in a row that do not hold an offer; the end of a life, or a gap in it.';
comment on column core.offer_absence.source is 'Where the offer comes from, as in core.job_offer.';
comment on column core.offer_absence.offer_id is 'Offer, as in core.job_offer.';
comment on column core.offer_absence.first_missing_on is 'Day of the first of these sweeps: it ended on it or before.';
comment on column core.offer_absence.last_seen_on is
'Day of the counted sweep before, which held it; if there was none since it was first observed, the day of that.';
comment on column core.offer_absence.second_missing_on is
'Day of the second of these sweeps, which proves the absence; null while there is one only.';
comment on column core.offer_absence.seen_again_on is
'Day of the first counted sweep after it that holds the offer; null while none does.';
comment on column core.offer_absence.gone_on is
'Day of the sweep after which the source answered that it has no such offer (204); null if it was not asked.';
comment on column core.offer_absence.is_closed is
'The offer was closed: its absence is proved, and no wave of closures was held back.';
comment on column core.offer_absence.is_erased is 'What the licence asks to be erased after a closure is erased.';
comment on column core.offer_absence.is_end is
'A spell ends here: closed, and not seen again within seven days. Else it is a gap in the spell.';
comment on column core.offer_absence.closed_on is 'Day on which the closure was proved; null while it is not closed.';
