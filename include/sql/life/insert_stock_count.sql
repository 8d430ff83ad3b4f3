-- What a counted sweep held, by day of creation and origin.
insert into mart.stock_count (source, day, created_on, is_partner, offer_count, position_count)
select
    %(source)s,
    %(day)s,
    offer.created_on,
    offer.origin_code = '2' as is_partner,
    count(*) as offer_count,
    sum(coalesce(offer.position_count, 1)) as position_count
from (select distinct swept.offer_id from swept) as held
inner join core.job_offer as offer
    on offer.source = %(source)s and held.offer_id = offer.offer_id
group by offer.created_on, offer.origin_code = '2'
