-- Guards: what was collected is what is in core: rows of the day less (collected - rejected) of the certificate.
-- Bounds: none may be missing, but for offers that a later run holds in a newer state (stale), perhaps under another
-- day. At most the rejected may be too many, since a record refused may belong to a day beside this one; after an
-- earlier run of the same day any number may, since it saw offers that have been withdrawn since.
-- There is no reason to move this.
with today as (
    select count(*) as row_count from core.job_offer
    where source = %(source)s and created_on = %(day)s
),

other_run as (
    select count(*) as run_count from control.ingestion_run
    where source = %(source)s and day = %(day)s and run_id <> %(run_id)s and status = 'loaded'
)

select
    today.row_count - (run.certificate ->> 'collected')::integer + run.rejected_count as observed,
    -run.stale_count as fail_below,
    case when other_run.run_count = 0 then run.rejected_count end as fail_above,
    0 as warn_below,
    null::integer as warn_above
from control.ingestion_run as run
cross join today
cross join other_run
where run.source = %(source)s and run.day = %(day)s and run.run_id = %(run_id)s
