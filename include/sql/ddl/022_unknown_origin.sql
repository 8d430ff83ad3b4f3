-- An offer without an origin, or with one that nobody has described, is loaded as any other.
comment on column core.job_offer.origin_code is
'1: given to France Travail; 2: from a partner site; 0: not stated, or a code not known (origineOffre.origine).';
comment on column mart.offer_count.origin_code is
'1: given to France Travail; 2: from a partner site; 0: not stated, or a code that is not known.';
