-- Not missing: never observed before the sweep began, or absent over it already.
delete from missing
using core.job_offer as offer
where
    offer.source = %(source)s
    and offer.offer_id = missing.offer_id
    and (
        case
            -- nearly all were observed before
            when offer.observed_at >= %(started_at)s
                then not exists (
                    select from core.job_offer_version as version
                    where
                        version.source = %(source)s
                        and version.offer_id = missing.offer_id
                        and version.observed_at < %(started_at)s
                )
                and not exists (
                    select from core.job_offer_restatement as restated
                    where
                        restated.source = %(source)s
                        and restated.offer_id = missing.offer_id
                        and restated.observed_at < %(started_at)s
                )
            else false
        end
        or exists (
            select from core.offer_absence as absence
            where
                absence.source = %(source)s
                and absence.offer_id = missing.offer_id
                and absence.first_missing_on <= %(day)s
                and absence.seen_again_on > %(day)s
        )
    )
