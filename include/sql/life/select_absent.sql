-- The offers that are absent from a sweep and not closed, in the order of their ids.
select offer_id from core.offer_absence
where
    source = %(source)s
    and not is_closed
    and first_missing_on <= %(day)s
    and coalesce(seen_again_on > %(day)s, true)
order by offer_id
