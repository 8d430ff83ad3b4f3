-- The source gives these offers again.
update control.erasure
set restored_at = now()
where
    source = %(source)s
    and restored_at is null
    and offer_id = any(string_to_array(%(offer_ids)s, ','))
