-- What the text of these offers was like, before it goes.
insert into core.offer_trace (
    source, offer_id, title_length, description_length, description_hash, post_key, closed_on
)
select
    offer.source,
    offer.offer_id,
    length(offer.title) as title_length,
    length(offer.description) as description_length,
    sha256(convert_to(offer.description, 'UTF8')) as description_hash,
    core.post_key(offer.company_name, coalesce(offer.commune_code, offer.place_label), offer.title)
        as post_key,
    erased.closed_on
from erased
inner join core.job_offer as offer on offer.source = %(source)s and erased.offer_id = offer.offer_id
on conflict (source, offer_id) do update
    set
        title_length = excluded.title_length,
        description_length = excluded.description_length,
        description_hash = excluded.description_hash,
        post_key = excluded.post_key,
        closed_on = excluded.closed_on
