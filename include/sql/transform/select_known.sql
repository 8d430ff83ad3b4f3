-- The offers of a batch that core holds already: enough to see, without decoding them, that they have not changed, and
-- whether it is this very transaction that wrote them; and whether an earlier observation of them is loaded late.
select
    job_offer.offer_id,
    job_offer.content_hash,
    job_offer.created_on = %(day)s as is_of_day,
    job_offer.rules_hash = %(rules_hash)s as is_of_rules,
    job_offer.xmin = pg_current_xact_id_if_assigned()::xid as is_of_this_load,
    job_offer.observed_at
from core.job_offer
where
    job_offer.source = %(source)s
    and job_offer.offer_id = any(string_to_array(%(offer_ids)s, ','))
