-- The log: which offers, closed when, erased when. No value of theirs.
insert into control.erasure (source, offer_id, closed_on, missing_at, erased_on)
select
    %(source)s,
    erased.offer_id,
    erased.closed_on,
    sweep.started_at,
    %(day)s
from erased
inner join control.sweep as sweep
    on sweep.source = %(source)s and sweep.is_counted and erased.first_missing_on = sweep.day
on conflict (source, offer_id, closed_on) do update
    set restored_at = null, erased_on = excluded.erased_on, erased_at = excluded.erased_at
