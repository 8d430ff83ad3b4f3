-- What an offer was like is told by its text, which is back.
delete from core.offer_trace
where source = %(source)s and offer_id = any(string_to_array(%(offer_ids)s, ','))
