-- Guards: an offer is in the day once. The primary key promises it; this says so after a restore or a repair.
-- Bounds: none may be there twice; there is no reason to move this.
select
    count(*) - count(distinct offer_id) as observed,
    null::integer as fail_below,
    0 as fail_above,
    null::integer as warn_below,
    null::integer as warn_above
from core.job_offer
where source = %(source)s and created_on = %(day)s
