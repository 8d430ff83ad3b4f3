-- Absences that began with the next sweep begin with this one, which was loaded late.
update core.offer_absence
set first_missing_on = %(day)s
from missing
where
    offer_absence.source = %(source)s
    and offer_absence.offer_id = missing.offer_id
    and offer_absence.first_missing_on = missing.following_on
