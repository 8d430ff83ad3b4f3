-- The facts of one run for the report: its certificate, its load, its checks, and how many offers the day has.
-- One row, none if the run was not loaded; the columns are the fields of RunFacts.
with today as (
    select
        count(*) as offers,
        count(*) filter (where origin_code = '2') as partner_offers,
        max(updated_at) as updated_at
    from core.job_offer
    where source = %(source)s and created_on = %(day)s
)

select
    run.source,
    run.day,
    run.run_id,
    run.collection_finished_at as read_at,
    run.is_sample,
    run.certificate,
    run.rejected_count as rejected,
    run.drift,
    coalesce(run.checks, '[]'::jsonb) as checks,
    today.offers,
    today.partner_offers,
    today.updated_at
from control.ingestion_run as run
cross join today
where run.source = %(source)s and run.day = %(day)s and run.run_id = %(run_id)s and run.status = 'loaded'
