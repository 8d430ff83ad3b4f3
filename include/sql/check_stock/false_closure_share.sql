-- Guards: offers are not closed that are alive: what the sample of them, asked for one by one, leaves open.
-- Bounds: 1,000 asked for and none alive bound it by 0.003, with a confidence of 0.95; more than 0.01 means that few
-- were asked for, or that many got no answer, and is nothing that a retry mends. Where none was asked for, all may be.
-- Null where few were absent.
select
    max(case when unproved_count > 0 then coalesce(false_closure_bound, 1) else false_closure_bound end) as observed,
    null::numeric as fail_below,
    null::numeric as fail_above,
    null::numeric as warn_below,
    0.01 as warn_above
from control.sweep
where source = %(source)s and day = %(day)s and run_id = %(run_id)s and absent_count >= 300
