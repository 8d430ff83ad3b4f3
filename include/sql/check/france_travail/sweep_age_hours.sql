-- Guards: France Travail is asked for its whole stock at least every 24 hours, as article 5.2 of its licence wants of
-- whoever shows offers, so that what it withdraws is withdrawn here.
-- Bounds: warns from 20 hours on, so that there are four left to sweep. Counted up to the end of the run that is
-- checked, and only where sweeps are made at all; one is made at five in the morning, and the day is loaded soon
-- after midnight.
select
    extract(epoch from max(run.finished_at) - max(sweep.started_at)) / 3600 as observed,
    null::numeric as fail_below,
    null::numeric as fail_above,
    null::numeric as warn_below,
    20 as warn_above
from control.ingestion_run as run
left join
    control.sweep as sweep
    on run.source = sweep.source and sweep.is_certified and run.finished_at >= sweep.started_at
where run.source = %(source)s and run.day = %(day)s and run.run_id = %(run_id)s
