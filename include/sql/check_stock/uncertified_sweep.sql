-- Guards: the stock is proved to be read whole; one that is not closes nothing and says nothing of what ended.
-- Bounds: it warns, as whoever allowed the gap knows. Never move it.
select
    count(*) filter (where not is_certified) as observed,
    null::integer as fail_below,
    null::integer as fail_above,
    null::integer as warn_below,
    0 as warn_above
from control.sweep
where source = %(source)s and day = %(day)s and run_id = %(run_id)s
