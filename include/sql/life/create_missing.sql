-- The offers that a counted sweep does not hold and that are not absent already. The key of the offers is read and not
-- their rows: after a year most of them have long been closed.
create temporary table missing on commit drop as
with following as (
    select min(day) as following_on from control.sweep
    where source = %(source)s and is_counted and day > %(day)s
)

select
    offer.offer_id,
    following.following_on
from core.job_offer as offer
cross join following
where
    offer.source = %(source)s
    and not exists (
        select from swept
        where swept.offer_id = offer.offer_id
    )
    and not exists (
        select from core.offer_absence as absence
        where
            absence.source = %(source)s
            and absence.offer_id = offer.offer_id
            and absence.seen_again_on is null
            and absence.first_missing_on <= %(day)s
    )
