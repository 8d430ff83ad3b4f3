-- The counted sweeps beside a day.
select
    max(day) filter (where day < %(day)s) as previous_on,
    min(day) filter (where day > %(day)s) as next_on
from control.sweep
where source = %(source)s and is_counted
