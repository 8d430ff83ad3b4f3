-- The offers that have been closed for longer than the period of grace and are not erased.
create temporary table erased on commit drop as
select
    absence.offer_id,
    absence.closed_on,
    absence.first_missing_on
from core.offer_absence as absence
where
    absence.source = %(source)s
    and absence.is_end
    and not absence.is_erased
    and absence.seen_again_on is null
    and absence.closed_on <= %(day)s::date - %(grace_days)s::integer
