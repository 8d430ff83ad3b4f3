-- What is left of an offer whose text was erased after its closure: what counts and comparisons need, and the proof
-- that it was done. Nothing in them names an employer, a place or a person.
create table core.offer_trace (
    source text collate "C" not null,
    offer_id text collate "C" not null,
    title_length integer not null,
    description_length integer,
    description_hash bytea,
    post_key bytea,
    closed_on date not null,
    primary key (source, offer_id)
);
create index offer_trace_post_key_idx on core.offer_trace (post_key) where post_key is not null;

comment on table core.offer_trace is 'One row per erased offer: what its text was like, without the text.';
comment on column core.offer_trace.source is 'Where the offer comes from, as in core.job_offer.';
comment on column core.offer_trace.offer_id is 'Offer, as in core.job_offer.';
comment on column core.offer_trace.title_length is 'Characters of its title.';
comment on column core.offer_trace.description_length is 'Characters of its text; null if it had none.';
comment on column core.offer_trace.description_hash is 'SHA-256 of its text: the same text again can be told.';
comment on column core.offer_trace.post_key is
'SHA-256 of employer, place and title together, by which a repost is found; null without one of them, and from 60 days
after the closure, when nothing is found by it any more.';
comment on column core.offer_trace.closed_on is 'Day on which the closure was proved.';

create table control.erasure (
    source text collate "C" not null,
    offer_id text collate "C" not null,
    closed_on date not null,
    missing_at timestamptz not null,
    erased_on date not null,
    erased_at timestamptz not null default now(),
    restored_at timestamptz,
    primary key (source, offer_id, closed_on)
);
create index erasure_offer_id_idx on control.erasure (source, offer_id) where restored_at is null;

comment on table control.erasure is
'The log of erasures, one row an offer and closure, without personal data: the proof towards the licence of the
source.';
comment on column control.erasure.source is 'Where the offer comes from: france_travail.';
comment on column control.erasure.offer_id is 'Identifier in the source.';
comment on column control.erasure.closed_on is 'Day on which the closure was proved.';
comment on column control.erasure.missing_at is
'Instant at which the first sweep that missed it began: what was observed before it brings nothing back.';
comment on column control.erasure.erased_on is 'Day of the sweep with which it was erased.';
comment on column control.erasure.erased_at is 'Instant of the transaction that erased it.';
comment on column control.erasure.restored_at is
'Instant at which the source gave the offer again, and its text with it; null: it is erased.';

-- What makes two offers the same post. One function, so that an erased offer and an open one are compared alike.
create function core.post_key(employer text, place text, title text) returns bytea
language sql immutable parallel safe
return sha256(
    convert_to(
        upper(trim(employer)) || E'\x1f' || upper(trim(place)) || E'\x1f'
        || trim(regexp_replace(upper(title), '[^[:alnum:]]+', ' ', 'g')),
        'UTF8'
    )
);
comment on function core.post_key(text, text, text) is
'SHA-256 of employer, place (commune code, else its label) and title; null if one is null.';
