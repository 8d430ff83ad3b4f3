-- Offers that are about to be replaced, each in the state that it was compared in: the load of another day may have
-- replaced one since, and then this deletes fewer.
delete from core.job_offer
using unnest(
    %(offer_ids)s::text [], %(content_hashes)s::bytea [], %(observed_at)s::timestamptz []
) as held (offer_id, content_hash, observed_at)
where
    job_offer.source = %(source)s
    and job_offer.offer_id = held.offer_id
    and job_offer.content_hash = held.content_hash
    and job_offer.observed_at = held.observed_at
