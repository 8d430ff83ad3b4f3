-- Offers met for the first time in this load, all with the same outcome.
insert into met (offer_id, outcome)
select
    first.offer_id,
    %(outcome)s
from unnest(string_to_array(%(offer_ids)s, ',')) as first (offer_id)
