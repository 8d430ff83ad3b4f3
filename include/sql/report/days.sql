-- Offers of each of the 28 days that end with the day of the report; null for a day that was never loaded.
-- The other days come from the counts of their runs (the certified run first), so that no old row is read: counting
-- core would read gigabytes. The day itself is counted in core, as everywhere else in the report.
with best_run as (
    select distinct on (day)
        day,
        is_certified,
        inserted_count + updated_count + unchanged_count + stale_count as offers
    from control.ingestion_run
    where source = %(source)s and day between %(day)s::date - 27 and %(day)s::date - 1 and status = 'loaded'
    order by day asc, is_certified desc, offers desc
),

counted as (
    select
        day,
        is_certified,
        offers
    from best_run
    union all
    select
        run.day,
        run.is_certified,
        (
            select count(*) from core.job_offer
            where source = %(source)s and created_on = %(day)s
        ) as offers
    from control.ingestion_run as run
    where run.source = %(source)s and run.day = %(day)s and run.run_id = %(run_id)s
)

select
    days.day::date as label,
    case when counted.is_certified then counted.offers end as certified,
    case when not counted.is_certified then counted.offers end as uncertified
from generate_series(%(day)s::date - 27, %(day)s::date, interval '1 day') as days (day)
left join counted on days.day = counted.day
order by days.day
