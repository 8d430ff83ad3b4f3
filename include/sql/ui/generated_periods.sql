-- The periods, by their first and last day, that hold a day with generated offers.
select distinct
    asked.first_day,
    asked.last_day
from unnest(%(first_days)s::date[], %(last_days)s::date[]) as asked (first_day, last_day)
inner join control.day_run as run on run.day between asked.first_day and asked.last_day
where run.source = %(source)s and run.is_generated
