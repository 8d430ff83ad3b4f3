-- The offers that a counted sweep does not hold and that are not absent already. Of those that are erased, which after
-- a year nearly all are, only such as closed after this sweep, which then was loaded late.
create temporary table missing on commit drop as
with following as (
    select min(day) as following_on from control.sweep
    where source = %(source)s and is_counted and day > %(day)s
)

select
    offer.offer_id,
    following.following_on
from (
    select offer_id from core.job_offer
    where source = %(source)s and missing_since_on is null
    union all
    select offer_id from core.job_offer
    where source = %(source)s and missing_since_on > %(day)s
) as offer
cross join following
where
    not exists (
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
        -- looked up for the few that the sweep does not hold
        offset 0 -- noqa: AM09
    )
