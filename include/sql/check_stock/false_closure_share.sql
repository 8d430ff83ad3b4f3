-- Guards: offers are not closed that are alive: what the sample of absences, asked for one by one, leaves open.
-- Bounds: 1,000 asked for and none alive bound it by 0.003, with a confidence of 0.95; more than 0.01 means that few were
-- asked for, and is nothing that a retry mends. Null where all were asked for, or few were absent.
select
    max(false_closure_bound) as observed,
    null::numeric as fail_below,
    null::numeric as fail_above,
    null::numeric as warn_below,
    0.01 as warn_above
from control.sweep
where source = %(source)s and day = %(day)s and run_id = %(run_id)s and absent_count >= 300
