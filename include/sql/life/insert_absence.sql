-- Absences that begin with a sweep. Where a later one was loaded before it, that one holds the offer.
insert into core.offer_absence (source, offer_id, first_missing_on, last_seen_on, seen_again_on)
select
    %(source)s,
    missing.offer_id,
    %(day)s as first_missing_on,
    %(day)s as last_seen_on,
    missing.following_on
from missing
where
    not exists (
        select from core.offer_absence as absence
        where
            absence.source = %(source)s
            and absence.offer_id = missing.offer_id
            and absence.first_missing_on = %(day)s
    )
