-- The states of these offers that were stated anew and meant the same.
select
    offer_id,
    observed_at,
    content_hash,
    run_id,
    rules_hash,
    replaced
from core.job_offer_restatement
where
    source = %(source)s
    and offer_id = any(string_to_array(%(offer_ids)s, ','))
