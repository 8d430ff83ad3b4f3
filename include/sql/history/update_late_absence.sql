-- Absences that begin earlier than was known.
update core.offer_absence
set first_missing_on = late.first_on
from late
where
    offer_absence.source = %(source)s
    and offer_absence.offer_id = late.offer_id
    and offer_absence.first_missing_on = late.following_on
