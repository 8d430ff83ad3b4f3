-- What was replaced in earlier states of erased offers.
update core.job_offer_restatement
set replaced = replaced - %(names)s::text[]
from erased
where
    job_offer_restatement.source = %(source)s
    and job_offer_restatement.offer_id = erased.offer_id
    and job_offer_restatement.replaced ?| %(names)s::text[]
