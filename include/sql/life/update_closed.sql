-- Close what is proved: written once, since the interval of the end stands in the row already.
update core.offer_absence
set is_closed = true
from closable
where
    offer_absence.source = %(source)s
    and offer_absence.offer_id = closable.offer_id
    and offer_absence.first_missing_on = closable.first_missing_on
