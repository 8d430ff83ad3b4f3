-- What is open on each day, and what comes and goes: offers and positions apart, partners apart.
create view mart.stock_day as
with sweeps as (
    select
        source,
        min(day) as first_on,
        max(day) as last_on
    from control.sweep
    where is_counted
    group by source
),

flow as (
    select
        source,
        is_partner,
        day,
        sum(opened) as opened_count,
        sum(opened * positions) as opened_position_count,
        sum(ended) as ended_count,
        sum(ended * positions) as ended_position_count
    from (
        select
            source,
            is_partner,
            opened_on as day,
            1 as opened,
            0 as ended,
            coalesce(position_count, 1) as positions
        from mart.offer_spell
        union all
        select
            source,
            is_partner,
            first_missing_on as day,
            0 as opened,
            1 as ended,
            coalesce(position_count, 1) as positions
        from mart.offer_spell
        where first_missing_on is not null
    ) as moved
    group by source, is_partner, day
),

calendar as (
    select
        sweeps.source,
        origin.is_partner,
        days.day::date as day,
        days.day = sweeps.first_on as is_first
    from sweeps
    cross join (values (false), (true)) as origin (is_partner)
    cross join lateral generate_series(sweeps.first_on, sweeps.last_on, interval '1 day') as days (day)
),

counted as (
    select
        calendar.source,
        calendar.is_partner,
        calendar.day,
        calendar.is_first,
        coalesce(flow.opened_count, 0) as opened_count,
        coalesce(flow.opened_position_count, 0) as opened_position_count,
        coalesce(flow.ended_count, 0) as ended_count,
        coalesce(flow.ended_position_count, 0) as ended_position_count,
        case when calendar.is_first then before.offer_count else 0 end as before_count,
        case when calendar.is_first then before.position_count else 0 end as before_position_count
    from calendar
    left join flow
        on
            calendar.source = flow.source
            and calendar.is_partner = flow.is_partner
            and calendar.day = flow.day
    left join lateral (
        select
            coalesce(sum(earlier.opened_count - earlier.ended_count), 0) as offer_count,
            coalesce(sum(earlier.opened_position_count - earlier.ended_position_count), 0) as position_count
        from flow as earlier
        where
            calendar.is_first
            and earlier.source = calendar.source
            and earlier.is_partner = calendar.is_partner
            and earlier.day < calendar.day
    ) as before on true
)

select
    counted.source,
    counted.day,
    counted.is_partner,
    (sum(counted.before_count + counted.opened_count - counted.ended_count) over upto)::bigint as offer_count,
    (
        sum(counted.before_position_count + counted.opened_position_count - counted.ended_position_count) over upto
    )::bigint as position_count,
    counted.opened_count::bigint as opened_count,
    counted.opened_position_count::bigint as opened_position_count,
    counted.ended_count::bigint as ended_count,
    counted.ended_position_count::bigint as ended_position_count,
    exists(
        select from control.sweep
        where sweep.source = counted.source and sweep.day = counted.day and sweep.is_counted
    ) as is_certified
from counted
window upto as (partition by counted.source, counted.is_partner order by counted.day);

comment on view mart.stock_day is
'One row per day and origin from the first certified sweep to the last: what is open, what came, what went.';
comment on column mart.stock_day.source is 'Where the offers come from: france_travail.';
comment on column mart.stock_day.day is 'Day, Europe/Paris.';
comment on column mart.stock_day.is_partner is 'Offers from partner sites; else given to France Travail.';
comment on column mart.stock_day.offer_count is
'Offers open at the end of the day: created by then, and not missing since. The newest days fall while closures are
proved.';
comment on column mart.stock_day.position_count is 'Positions of these offers; one where the source gives no number.';
comment on column mart.stock_day.opened_count is 'Offers created on the day, or seen again after an end.';
comment on column mart.stock_day.opened_position_count is 'Positions of these offers.';
comment on column mart.stock_day.ended_count is 'Offers that were missed first on the day, and have been closed since.';
comment on column mart.stock_day.ended_position_count is 'Positions of these offers.';
comment on column mart.stock_day.is_certified is
'A certified sweep was made on the day; else what ended on it is told under the day of the next one.';
