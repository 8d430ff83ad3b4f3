-- The stock as each certified sweep held it, by day of creation: what is open, what came and went between two sweeps
-- and at which age, over a year from thousands of rows instead of millions of spells.
create table mart.stock_count (
    source text collate "C" not null,
    day date not null,
    created_on date not null,
    is_partner boolean not null,
    offer_count integer not null,
    position_count bigint not null,
    primary key (source, day, created_on, is_partner)
);
comment on table mart.stock_count is
'One row per certified sweep, day of creation and origin: how many offers the sweep held; written when it is loaded.';
comment on column mart.stock_count.source is 'Where the offers come from: france_travail.';
comment on column mart.stock_count.day is 'Day of the sweep, Europe/Paris: the counted one of control.sweep.';
comment on column mart.stock_count.created_on is
'Day of creation of the offers, as it was known when the sweep was loaded: day - created_on is their age.';
comment on column mart.stock_count.is_partner is 'Offers from partner sites; else given to France Travail.';
comment on column mart.stock_count.offer_count is 'Offers that the sweep held.';
comment on column mart.stock_count.position_count is 'Positions of these offers; one where the source gives no number.';
