-- Certified days that the history lacks, or that were loaded again since it got them, or that an offer has left.
with runs as (
    select
        ingestion_run.source,
        ingestion_run.day,
        sum(ingestion_run.load_count)::bigint as load_count
    from control.ingestion_run
    where ingestion_run.source = %(source)s
    group by ingestion_run.source, ingestion_run.day
),

counted as (
    select
        offer_count.created_on,
        sum(offer_count.offer_count)::bigint as offer_count
    from mart.offer_count
    where offer_count.source = %(source)s and offer_count.dimension = 'all'
    group by offer_count.created_on
)

select day_run.day
from control.day_run
inner join runs on day_run.source = runs.source and day_run.day = runs.day
left join counted on day_run.day = counted.created_on
left join control.history_day on day_run.source = history_day.source and day_run.day = history_day.day
where
    day_run.standing = 'certified'
    and (
        history_day.load_count is distinct from runs.load_count
        or (history_day.given_up_at is null and history_day.offer_count <> coalesce(counted.offer_count, 0))
    )
order by day_run.day
