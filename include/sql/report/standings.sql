-- The days of a period that were loaded, each with the standing of the run that stands for it.
select
    day,
    standing
from control.day_run
where source = %(source)s and day between %(first_day)s and %(last_day)s and standing <> 'refused'
order by day
