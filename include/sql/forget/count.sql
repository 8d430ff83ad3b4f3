-- What the warehouse holds of a day, table by table.
with offers as (
    select count(*) as row_count from core.job_offer
    where source = %(source)s and created_on = %(day)s
),

runs as (
    select count(*) as row_count from control.ingestion_run
    where source = %(source)s and day = %(day)s
),

rejected as (
    select count(*) as row_count from control.rejected_record
    where source = %(source)s and day = %(day)s
),

counts as (
    select count(*) as row_count from mart.offer_count
    where source = %(source)s and created_on = %(day)s
)

select
    offers.row_count as offers,
    runs.row_count as runs,
    rejected.row_count as rejected_records,
    counts.row_count as counts
from offers
cross join runs
cross join rejected
cross join counts
