-- The facts of the runs of a period for the report: certificate, load, checks, and how many offers each day has. One
-- row a day, none for a day that was not loaded: the run asked for, else the run that stands for the day.
-- The columns are the fields of RunFacts.
with run as (
    select *
    from control.run_standing
    where
        source = %(source)s
        and day between %(first_day)s and %(last_day)s
        and standing <> 'refused'
        and (run_id = %(run_id)s or (%(run_id)s::text is null and day_rank = 1))
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
    run.standing,
    run.certificate_version,
    run.read_at,
    run.is_sample,
    run.is_generated,
    run.certificate,
    run.rejected_count as rejected,
    run.drift,
    coalesce(run.checks, '[]'::jsonb) as checks,
    coalesce(counted.offers, 0) as offers,
    coalesce(counted.partner_offers, 0) as partner_offers,
    counted.updated_at
from run
left join counted on run.day = counted.created_on
order by run.day
