-- The offers that a counted sweep does not hold, that were observed before it began, and that are not absent already.
-- The key of the offers is read and not their rows: after a year most of them have long been closed.
create temporary table missing on commit drop as
select
    offer.offer_id,
    following.day as following_on,
    (
        select least(
            first.observed_at,
            (
                select min(version.observed_at) from core.job_offer_version as version
                where version.source = %(source)s and version.offer_id = offer.offer_id
                having first.observed_at >= %(started_at)s
            ),
            (
                select min(restated.observed_at) from core.job_offer_restatement as restated
                where restated.source = %(source)s and restated.offer_id = offer.offer_id
                having first.observed_at >= %(started_at)s
            )
        )
        from core.job_offer as first
        where first.source = %(source)s and first.offer_id = offer.offer_id
    ) as observed_at
from core.job_offer as offer
cross join (
    select min(day) as day from control.sweep
    where source = %(source)s and is_counted and day > %(day)s
) as following
where
    offer.source = %(source)s
    and not exists (select from swept where swept.offer_id = offer.offer_id)
    and not exists (
        select from core.offer_absence as absence
        where
            absence.source = %(source)s
            and absence.offer_id = offer.offer_id
            and absence.seen_again_on is null
            and absence.first_missing_on <= %(day)s
    )
