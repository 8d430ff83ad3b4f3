-- The days that were loaded, the newest first, at most so many, all before a day if one is given.
-- A day has one row for the run of the whole day loaded last, and one for the sample loaded last, if there is one.
-- checks_passed is null until the checks have run.
with days as (
    select distinct day
    from control.ingestion_run
    where source = %(source)s and day < coalesce(%(before)s::date, 'infinity')
    order by day desc
    limit %(days)s
),

newest as (
    select distinct on (run.day, run.is_sample)
        run.source,
        run.day,
        run.run_id,
        run.is_sample
    from control.ingestion_run as run
    inner join days on run.day = days.day
    where run.source = %(source)s
    -- a run that was refused is told only of a day that no run loaded
    order by run.day asc, run.is_sample asc, (run.status = 'loaded') desc, run.loaded_at desc
)

select
    run.day,
    run.is_sample,
    case
        when run.status = 'refused' then 'refused'
        when run.is_sample then 'sample'
        when (run.certificate ->> 'gap')::bigint > 0 then 'gap'
        when run.is_certified then 'certified'
        else 'uncertified'
    end as standing,
    (run.certificate ->> 'announced')::bigint as announced,
    (run.certificate ->> 'collected')::bigint as collected,
    (run.certificate ->> 'gap')::bigint as gap,
    run.rejected_count as rejected,
    case
        when run.status = 'loaded'
            then run.inserted_count + run.updated_count + run.unchanged_count + run.stale_count
        else 0
    end as loaded,
    run.collection_finished_at as read_at,
    not jsonb_path_exists(run.checks, '$[*] ? (@.verdict == "failed")') as checks_passed,
    run.is_generated
from newest
inner join control.ingestion_run as run
    on newest.source = run.source and newest.day = run.day and newest.run_id = run.run_id
order by run.day desc, run.is_sample asc
