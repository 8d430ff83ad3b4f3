-- Versions of offers whose order has changed: a run was loaded late. They are written anew in the same transaction.
delete from core.job_offer_version
where
    source = %(source)s
    and offer_id = any(string_to_array(%(offer_ids)s, ','))
