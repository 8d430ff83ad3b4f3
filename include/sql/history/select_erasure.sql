-- Which of these offers are erased, and what was observed before when brings nothing back.
select
    offer_id,
    max(missing_at) as missing_at
from control.erasure
where
    source = %(source)s
    and restored_at is null
    and offer_id = any(string_to_array(%(offer_ids)s, ','))
group by offer_id
