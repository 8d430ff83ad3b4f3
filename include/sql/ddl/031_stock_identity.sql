-- A check of all of it: in a steady market the stock is what comes in a day times how long it stays. Where it is not,
-- offers are created anew under other ids, or closures are missed.
create view mart.stock_identity as
with period as (
    select
        source,
        greatest(max(day) - 28, min(day)) as first_on,
        max(day) as last_on
    from control.sweep
    where is_counted
    group by source
),

spells as (
    select
        spell.source,
        coalesce(spell.partner_name, '') as partner_name,
        period.first_on,
        period.last_on,
        spell.opened_on,
        spell.first_missing_on,
        greatest(
            least(coalesce(spell.first_missing_on, period.last_on), period.last_on)
            - greatest(spell.opened_on, period.first_on),
            0
        ) as open_days
    from mart.offer_spell as spell
    inner join period on spell.source = period.source
    where spell.opened_on < period.last_on and coalesce(spell.first_missing_on > period.first_on, true)
),

counted as (
    select
        source,
        partner_name,
        first_on,
        last_on,
        sum(open_days)::double precision / nullif(last_on - first_on, 0) as mean_stock,
        count(*) filter (where opened_on >= first_on)::double precision / nullif(last_on - first_on, 0)
            as opened_per_day,
        avg(first_missing_on - opened_on) filter (where first_missing_on <= last_on)::double precision
            as mean_life_days,
        count(*) filter (where first_missing_on <= last_on) as ended_count
    from spells
    group by source, partner_name, first_on, last_on
)

select
    source,
    partner_name,
    first_on,
    last_on,
    mean_stock,
    opened_per_day,
    case when ended_count >= 50 then mean_life_days end as mean_life_days,
    ended_count,
    case when ended_count >= 50 then mean_stock / nullif(opened_per_day * mean_life_days, 0) end as stock_ratio
from counted;

comment on view mart.stock_identity is
'One row per partner over the last 28 days of sweeps: the stock against what comes in times how long it stays.';
comment on column mart.stock_identity.source is 'Where the offers come from: france_travail.';
comment on column mart.stock_identity.partner_name is 'First partner site; empty: given to France Travail.';
comment on column mart.stock_identity.first_on is 'First day of the period.';
comment on column mart.stock_identity.last_on is 'Day of the last certified sweep, not included.';
comment on column mart.stock_identity.mean_stock is 'Offers open on a day, on average.';
comment on column mart.stock_identity.opened_per_day is 'Offers opened on a day, on average.';
comment on column mart.stock_identity.mean_life_days is
'Mean age in days of what ended in the period; null of fewer than 50.';
comment on column mart.stock_identity.ended_count is 'Offers that ended in the period.';
comment on column mart.stock_identity.stock_ratio is
'mean_stock / (opened_per_day * mean_life_days): near 1 in a steady market; null of fewer than 50 ends.';
