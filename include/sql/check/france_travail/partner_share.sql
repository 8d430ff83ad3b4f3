-- Guards: the offers of partner sites are there. The API ranks them last, so they are what a faulty plan loses first.
-- Bounds: 75 to 77 percent of a day came from partners in 2025 and 2026; it only warns, because partners come and go.
-- A sample and days under 1,000 offers are not judged.
-- Moving them: when a healthy month lies elsewhere, to 20 percent under its lowest day and above its highest.
select
    count(*) filter (where offer.origin_code = '2')::numeric / nullif(count(*), 0) as observed,
    null::numeric as fail_below,
    null::numeric as fail_above,
    case when count(*) >= 1000 and not bool_or(run.is_sample) then 0.60 end as warn_below,
    case when count(*) >= 1000 and not bool_or(run.is_sample) then 0.92 end as warn_above
from control.ingestion_run as run
inner join core.job_offer as offer on run.source = offer.source and run.day = offer.created_on
where run.source = %(source)s and run.day = %(day)s and run.run_id = %(run_id)s
