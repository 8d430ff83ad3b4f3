-- The days of a period that were loaded after its report was written.
select distinct day
from control.ingestion_run
where
    source = %(source)s
    and day between %(first_day)s and %(last_day)s
    and status = 'loaded'
    and not is_sample
    and loaded_at > %(written_at)s
order by day
