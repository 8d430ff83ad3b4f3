-- Absences of offers that nobody knew when the sweeps were loaded.
insert into core.offer_absence (source, offer_id, first_missing_on, last_seen_on, seen_again_on)
select
    %(source)s,
    late.offer_id,
    late.first_on,
    late.first_on as last_seen_on,
    late.following_on
from late
where
    not exists (
        select from core.offer_absence as absence
        where
            absence.source = %(source)s
            and absence.offer_id = late.offer_id
            and absence.first_missing_on = late.first_on
    )
