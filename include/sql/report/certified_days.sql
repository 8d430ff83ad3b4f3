-- The days of a period that a certified run has loaded.
select distinct day
from control.ingestion_run
where source = %(source)s and day between %(first_day)s and %(last_day)s and status = 'loaded' and is_certified
order by day
