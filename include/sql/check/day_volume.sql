-- Guards: the day is neither strangely thin nor strangely thick, against the same weekday of the four weeks before.
-- Bounds: half and twice the median of the certified ones among these days; an empty day always warns; a sample is
-- not judged. It only warns: a public holiday is thin and right, and the certificate proves completeness, not this.
-- Moving them: when healthy days warn more than once a month, public holidays apart.
with history as (
    select
        day,
        loaded_count as offer_count
    from control.day_run
    where
        source = %(source)s
        and day in (%(day)s::date - 7, %(day)s::date - 14, %(day)s::date - 21, %(day)s::date - 28)
        and standing = 'certified'
),

usual as (
    select percentile_cont(0.5) within group (order by offer_count) as median from history
),

today as (
    select count(*) as offer_count from core.job_offer
    where source = %(source)s and created_on = %(day)s
)

select
    today.offer_count as observed,
    null::integer as fail_below,
    null::integer as fail_above,
    case when not run.is_sample then greatest(1, 0.5 * usual.median) end as warn_below,
    case when not run.is_sample then 2 * usual.median end as warn_above
from control.ingestion_run as run
cross join today
cross join usual
where run.source = %(source)s and run.day = %(day)s and run.run_id = %(run_id)s
