-- The days from a first one to the last of the period that were loaded, each by its best run: a certified one first, a
-- sample last. The offers come from the counts of the day, so that no row of another day is read; a day loaded before
-- there were counts has none, and so has a day that has no offer, be it that each of them is held in a newer state
-- under another day.
with best_run as (
    select distinct on (day)
        day,
        is_sample,
        is_certified,
        bool_or(is_generated) over (partition by day) as is_generated,
        inserted_count + updated_count + unchanged_count + stale_count as run_offers,
        inserted_count + updated_count + unchanged_count = 0 as has_no_offer,
        coalesce((certificate ->> 'gap')::integer, 0) as gap
    from control.ingestion_run
    where source = %(source)s and day between %(since)s and %(last_day)s and status = 'loaded'
    order by day asc, is_certified desc, is_sample asc, collection_finished_at desc, run_id desc
),

counted as (
    select
        created_on,
        sum(offer_count)::integer as offers
    from mart.offer_count
    where source = %(source)s and dimension = 'all' and created_on between %(since)s and %(last_day)s
    group by created_on
)

select
    best_run.day,
    case
        when best_run.is_sample then 'sample'
        when best_run.gap > 0 then 'gap'
        when best_run.is_certified then 'certified'
        else 'uncertified'
    end as standing,
    coalesce(counted.offers, case when best_run.has_no_offer then 0 else best_run.run_offers end) as offers,
    best_run.gap,
    counted.offers is not null or best_run.has_no_offer as is_counted,
    best_run.is_generated
from best_run
left join counted on best_run.day = counted.created_on
order by best_run.day
