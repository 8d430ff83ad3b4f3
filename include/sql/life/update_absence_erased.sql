-- These offers are erased.
update core.offer_absence
set is_erased = true
from erased
where
    offer_absence.source = %(source)s
    and offer_absence.offer_id = erased.offer_id
    and offer_absence.first_missing_on = erased.first_missing_on
