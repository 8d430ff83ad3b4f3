-- The facts of the runs of a period for the report: certificate, load, checks, and how many offers each day has. One
-- row a day, none for a day that was not loaded: the run asked for, else the best of the day (a certified one first).
-- The columns are the fields of RunFacts.
with run as (
    select distinct on (day) *
    from control.ingestion_run
    where
        source = %(source)s
        and day between %(first_day)s and %(last_day)s
        and status = 'loaded'
        and (%(run_id)s::text is null or run_id = %(run_id)s)
    order by day asc, is_certified desc, is_sample asc, collection_finished_at desc, run_id desc
),

-- by any of its runs: the offers of all of them are in the warehouse
generated as (
    select distinct day
    from control.ingestion_run
    where
        source = %(source)s
        and day between %(first_day)s and %(last_day)s
        and status = 'loaded'
        and is_generated
),

counted as (
    select
        created_on,
        count(*) as offers,
        count(*) filter (where origin_code = '2') as partner_offers,
        max(updated_at) as updated_at
    from core.job_offer
    where source = %(source)s and created_on between %(first_day)s and %(last_day)s
    group by created_on
)

select
    run.source,
    run.day,
    run.run_id,
    run.collection_finished_at as read_at,
    run.is_sample,
    generated.day is not null as is_generated,
    run.certificate,
    run.rejected_count as rejected,
    run.drift,
    coalesce(run.checks, '[]'::jsonb) as checks,
    coalesce(counted.offers, 0) as offers,
    coalesce(counted.partner_offers, 0) as partner_offers,
    counted.updated_at
from run
left join generated on run.day = generated.day
left join counted on run.day = counted.created_on
order by run.day
