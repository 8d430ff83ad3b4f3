-- Counts of each day, so that a comparison with the weeks before reads thousands of rows and not millions.
create table mart.offer_count (
    source text collate "C" not null,
    dimension text collate "C" not null,
    created_on date not null,
    value_code text collate "C" not null,
    origin_code text collate "C" not null,
    offer_count integer not null,
    primary key (source, dimension, created_on, value_code, origin_code)
);
comment on table mart.offer_count is
'One row per day, value of a dimension and origin: how many offers were created; written with the load of the day.';
comment on column mart.offer_count.source is 'Where the offers come from: france_travail.';
comment on column mart.offer_count.dimension is
'What is counted by: all (one value), contract_type, departement, naf_division, partner, place_kind, rome, salary_kind,
technology. An offer counts once for each of its partners and technologies, once in the others.';
comment on column mart.offer_count.created_on is 'Day of creation, Europe/Paris.';
comment on column mart.offer_count.value_code is
'Value: a code as in core.job_offer, a partner''s name; empty where the offer has none.';
comment on column mart.offer_count.origin_code is '1: given to France Travail; 2: from a partner site.';
comment on column mart.offer_count.offer_count is 'Offers.';
