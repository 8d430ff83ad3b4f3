-- Absences that the source has confirmed one by one.
update core.offer_absence
set gone_on = %(day)s
where
    source = %(source)s
    and first_missing_on <= %(day)s
    and coalesce(seen_again_on > %(day)s, true)
    and coalesce(gone_on > %(day)s, true)
    and offer_id = any(string_to_array(%(offer_ids)s, ','))
