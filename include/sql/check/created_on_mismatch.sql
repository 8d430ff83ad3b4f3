-- Guards: an offer stands under the day of its own creation in Paris, also around midnight and the clock changes.
-- Bounds: none may stand elsewhere; there is no reason to move this.
select
    count(*) filter (where (created_at at time zone 'Europe/Paris')::date <> created_on) as observed,
    null::integer as fail_below,
    0 as fail_above,
    null::integer as warn_below,
    null::integer as warn_above
from core.job_offer
where source = %(source)s and created_on = %(day)s
