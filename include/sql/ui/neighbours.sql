-- The loaded days before and after a day, those of samples left out.
select
    max(day) filter (where day < %(day)s) as day_before,
    min(day) filter (where day > %(day)s) as day_after
from control.day_run
where source = %(source)s and standing not in ('refused', 'sample')
