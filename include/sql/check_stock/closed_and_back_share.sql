-- Guards: what was closed had ended. An offer that was closed with the sweep before and that this one holds was closed
-- falsely, or is one of the few that are opened again overnight: what sample and bound promise is seen here afterwards.
-- Bounds: warns above 0.01; null where the sweep before closed fewer than 300. Nothing is lost by it: such an offer is
-- the same spell with its gap, and is not erased. If it lasts, the source hides offers for days: see
-- false_closure_share.
with sweep as (
    select
        this.day,
        max(before.day) as before_on
    from control.sweep as this
    inner join control.sweep as before
        on this.source = before.source and before.is_counted and this.day > before.day
    where this.source = %(source)s and this.day = %(day)s and this.run_id = %(run_id)s and this.is_counted
    group by this.day
)

select
    case
        when count(*) >= 300
            then avg(case when absence.seen_again_on = sweep.day then 1.0 else 0 end)
    end as observed,
    null::numeric as fail_below,
    null::numeric as fail_above,
    null::numeric as warn_below,
    0.01 as warn_above
from sweep
inner join core.offer_absence as absence
    on sweep.before_on = absence.closed_on and sweep.before_on - 30 < absence.first_missing_on
where absence.source = %(source)s
