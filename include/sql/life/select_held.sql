-- The newest offers that a counted sweep holds: known before it began, and not absent from it.
select offer.offer_id
from control.sweep as sweep
inner join core.job_offer as offer
    on
        sweep.source = offer.source
        and offer.created_on between sweep.day - 30 and sweep.day
        and sweep.finished_at >= offer.observed_at
where
    sweep.source = %(source)s
    and sweep.day = %(day)s
    and sweep.is_counted
    and not exists (
        select from core.offer_absence as absence
        where
            absence.source = %(source)s
            and absence.offer_id = offer.offer_id
            and absence.first_missing_on <= %(day)s
            and coalesce(absence.seen_again_on > %(day)s, true)
    )
order by offer.created_on desc, offer.offer_id asc
limit %(count)s
