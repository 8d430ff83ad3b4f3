-- The offers that are absent from a sweep and not closed, in the order of their ids; and which of them the sweep before
-- misses, too.
select
    offer_id,
    coalesce(second_missing_on <= %(day)s, false) as is_due
from core.offer_absence
where
    source = %(source)s
    and not is_closed
    and first_missing_on <= %(day)s
    and coalesce(seen_again_on > %(day)s, true)
order by offer_id
