-- The days from a first one to the last of the period that were loaded, each by the run that stands for it. The offers
-- come from the counts of the day, so that no row of another day is read; a day loaded before there were counts has
-- none, and so has a day that has no offer, be it that each of them is held in a newer state under another day.
with counted as (
    select
        created_on,
        sum(offer_count)::integer as offers
    from mart.offer_count
    where source = %(source)s and dimension = 'all' and created_on between %(since)s and %(last_day)s
    group by created_on
)

select
    run.day,
    run.standing,
    coalesce(counted.offers, case when run.is_empty then 0 else run.loaded_count end) as offers,
    coalesce(run.gap_count, 0) as gap,
    counted.offers is not null or run.is_empty as is_counted,
    run.is_generated
from control.day_run as run
left join counted on run.day = counted.created_on
where run.source = %(source)s and run.day between %(since)s and %(last_day)s and run.standing <> 'refused'
order by run.day
