-- Offers that a sweep holds within a stretch of absence: what is left of the stretch behind the sweep. Only where a
-- later sweep has been loaded already.
with following as (
    select min(day) as day from control.sweep
    where source = %(source)s and is_counted and day > %(day)s
)

insert into core.offer_absence (
    source, offer_id, first_missing_on, last_seen_on, seen_again_on, gone_on, is_closed
)
select
    absence.source,
    absence.offer_id,
    following.day as first_missing_on,
    %(day)s as last_seen_on,
    absence.seen_again_on,
    case when absence.gone_on > %(day)s then absence.gone_on end as gone_on,
    absence.is_closed
from core.offer_absence as absence
inner join following on coalesce(absence.seen_again_on > following.day, following.day is not null)
where
    absence.source = %(source)s
    and absence.first_missing_on <= %(day)s
    and coalesce(absence.seen_again_on > %(day)s, true)
    and absence.offer_id in (select swept.offer_id from swept)
