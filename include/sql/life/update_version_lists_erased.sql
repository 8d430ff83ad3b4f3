-- In the lists of earlier versions of erased offers: addresses at partners, and remarks.
update core.job_offer_version
set
    parts = (
        select
            jsonb_object_agg(
                list.name,
                (select jsonb_agg(item.value - %(names)s::text[]) from jsonb_array_elements(list.items) as item)
            )
        from jsonb_each(job_offer_version.parts) as list (name, items)
    )
from erased
where
    job_offer_version.source = %(source)s
    and job_offer_version.offer_id = erased.offer_id
    and job_offer_version.parts <> '{}'
