-- Guards: a wave of closures is looked at by a person before it closes anything.
-- Bounds: none may wait. If the source has really ended so many offers, run the sweep again with allow_wave; if it has
-- lost them, do nothing: the next sweep finds them. Never move it.
select
    coalesce(max(waiting_count), 0) as observed,
    null::integer as fail_below,
    0 as fail_above,
    null::integer as warn_below,
    null::integer as warn_above
from control.sweep
where source = %(source)s and day = %(day)s and run_id = %(run_id)s
