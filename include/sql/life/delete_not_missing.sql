-- Not missing: observed after the sweep had begun, or absent over it already.
delete from missing
where
    missing.observed_at >= %(started_at)s
    or exists (
        select from core.offer_absence as absence
        where
            absence.source = %(source)s
            and absence.offer_id = missing.offer_id
            and absence.first_missing_on <= %(day)s
            and absence.seen_again_on > %(day)s
    )
