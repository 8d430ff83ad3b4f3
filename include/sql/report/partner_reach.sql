-- How widely the names of partner sites are carried: of the offers of some days, at most 1,000 of partner sites each
-- (the first by id, so that it is the same ones tomorrow), how many carry a name and in how many départements they are.
-- A sample is enough to tell a site of many places from one man's, and the partners of an offer need a look each.
with numbered as (
    select
        job_offer.offer_id,
        job_offer.departement_code,
        row_number() over (partition by job_offer.created_on order by job_offer.offer_id) as place
    from core.job_offer
    where
        job_offer.source = %(source)s
        and job_offer.created_on = any(%(days)s::date[])
        and job_offer.origin_code = '2'
),

sampled as (
    select
        offer_id,
        departement_code
    from numbered
    where place <= 1000
)

select
    left(partner.partner_name, 200) as partner_name,
    count(distinct sampled.offer_id) as offers,
    count(distinct sampled.departement_code) as departements
from sampled
inner join core.job_offer_partner as partner
    on partner.source = %(source)s and sampled.offer_id = partner.offer_id
group by left(partner.partner_name, 200)
order by left(partner.partner_name, 200)
