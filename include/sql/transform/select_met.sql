-- What earlier records of these offers came to in this load: almost always no row.
select
    met.offer_id,
    met.outcome
from met
where met.offer_id = any(string_to_array(%(offer_ids)s, ','))
