-- Absences that begin with a sweep. Where a later one was loaded before it, that one holds the offer. Nearly all were
-- seen by the sweep before, so that only the others are written again (settle_absence).
with previous as (
    select max(day) as previous_on from control.sweep
    where source = %(source)s and is_counted and day < %(day)s
)

insert into core.offer_absence (source, offer_id, first_missing_on, last_seen_on, seen_again_on)
select
    %(source)s,
    missing.offer_id,
    %(day)s as first_missing_on,
    coalesce(previous.previous_on, %(day)s) as last_seen_on,
    missing.following_on
from missing
cross join previous
where
    not exists (
        select from core.offer_absence as absence
        where
            absence.source = %(source)s
            and absence.offer_id = missing.offer_id
            and absence.first_missing_on = %(day)s
    )
