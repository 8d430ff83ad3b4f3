-- What a counted sweep held, by day of creation and origin. `offset` has each offer looked up by its key, whatever is
-- known of the sizes of the tables: the first sweep fills an empty one, and after a year most offers are closed.
insert into mart.stock_count (source, day, created_on, is_partner, offer_count, position_count)
select
    %(source)s,
    %(day)s,
    offer.created_on,
    offer.origin_code = '2' as is_partner,
    count(*) as offer_count,
    sum(coalesce(offer.position_count, 1)) as position_count
from (select distinct swept.offer_id from swept) as held
cross join
    lateral (
        select
            job_offer.created_on,
            job_offer.origin_code,
            job_offer.position_count
        from core.job_offer
        where job_offer.source = %(source)s and job_offer.offer_id = held.offer_id
        offset 0 -- noqa: AM09
    ) as offer
group by offer.created_on, offer.origin_code = '2'
