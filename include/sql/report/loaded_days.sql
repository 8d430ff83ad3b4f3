-- The days of a period that any run has loaded, certified or not, samples too.
select distinct day
from control.ingestion_run
where source = %(source)s and day between %(first_day)s and %(last_day)s and status = 'loaded'
order by day
