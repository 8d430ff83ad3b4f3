-- Their text is back: were they closed again without being seen by a sweep, it would be erased again.
update core.offer_absence
set is_erased = false
where
    source = %(source)s
    and is_erased
    and offer_id = any(string_to_array(%(offer_ids)s, ','))
