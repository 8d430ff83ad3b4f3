-- How far a day may be trusted, how often its runs were loaded, and what the history was told of it.
select
    day_run.standing,
    (
        select sum(ingestion_run.load_count)
        from control.ingestion_run
        where ingestion_run.source = day_run.source and ingestion_run.day = day_run.day
    )::bigint as load_count,
    history_day.offer_count as kept_count,
    history_day.load_count as kept_load_count,
    history_day.given_up_at
from control.day_run
left join control.history_day on day_run.source = history_day.source and day_run.day = history_day.day
where day_run.source = %(source)s and day_run.day = %(day)s
