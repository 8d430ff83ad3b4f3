-- What is known of these offers before their current state, whole.
select
    version.*
from core.job_offer_version as version
where
    version.source = %(source)s
    and version.offer_id = any(string_to_array(%(offer_ids)s, ','))
