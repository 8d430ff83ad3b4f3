-- The days that were loaded, the newest first, at most so many, all before a day if one is given.
-- A day has one row for its run of the whole day, and one for its sample, if there is one: of each the run that stands
-- for it; one that was refused is told only if no other was loaded. checks_passed is null until the checks have run.
with days as (
    select distinct day
    from control.ingestion_run
    where source = %(source)s and day < coalesce(%(before)s::date, 'infinity')
    order by day desc
    limit %(days)s
),

ranked as (
    select distinct on (run.day, run.is_sample) run.*
    from control.run_standing as run
    inner join days on run.day = days.day
    where run.source = %(source)s
    order by run.day asc, run.is_sample asc, run.day_rank asc
)

select
    source,
    day,
    is_sample,
    standing,
    certificate_version,
    announced_count as announced,
    collected_count as collected,
    gap_count as gap,
    rejected_count as rejected,
    loaded_count as loaded,
    read_at,
    not jsonb_path_exists(checks, '$[*] ? (@.verdict == "failed")') as checks_passed,
    is_generated
from ranked
order by day desc, is_sample asc
