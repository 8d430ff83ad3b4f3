-- Offers of the period by name of the employer, agencies of temporary work and recruitment apart, the names that differ
-- only by case or spaces taken together. A name is that of an agency if most of its offers are of NAF 78, where the
-- activity is known, or are missions, which only an agency may offer. Only names with enough offers to be shown; what
-- the others hold together has an empty label, what has no name a null one. Beside each name stands what tells whether
-- it may be printed: in how many départements its offers are, and whether they carry the SIRET of an establishment.
-- Offers that are closed do not count: their employers may be kept no longer, and some are erased already.
with named as (
    select
        nullif(regexp_replace(trim(offer.company_name), '\s+', ' ', 'g'), '') as company_name,
        offer.contract_type_code = 'MIS' as is_mission,
        offer.company_siret_code,
        offer.departement_code,
        coalesce(offer.sector_code, left(offer.naf_code, 2)) as sector_code
    from core.job_offer as offer
    where
        offer.source = %(source)s
        and offer.created_on between %(first_day)s and %(last_day)s
        and not exists (
            select from core.offer_absence as absence
            where
                absence.source = %(source)s
                and absence.offer_id = offer.offer_id
                and absence.is_closed
                and absence.seen_again_on is null
        )
),

by_departement as (
    select
        upper(company_name) as company_key,
        departement_code,
        company_name is null and (sector_code = '78' or is_mission) as is_unnamed_agency,
        min(company_name) as company_name,
        count(*) as offers,
        count(sector_code) as offers_of_sector,
        count(*) filter (where sector_code = '78') as offers_of_agencies,
        count(*) filter (where is_mission) as missions,
        count(company_siret_code) as offers_with_siret
    from named
    group by 1, 2, 3
),

counted as (
    select
        is_unnamed_agency,
        min(company_name) as company_name,
        2 * sum(offers_of_agencies) > sum(offers_of_sector) or 2 * sum(missions) > sum(offers) as is_agency,
        sum(offers) as offers,
        count(departement_code) as departements,
        2 * sum(offers_with_siret) > sum(offers) as has_siret
    from by_departement
    group by company_key, is_unnamed_agency
)

select
    coalesce(case when company_name is null then is_unnamed_agency else is_agency end, false) as is_agency,
    case when company_name is null then null when offers >= %(least)s then company_name else '' end as label,
    sum(offers)::bigint as offers,
    max(departements) as departements,
    bool_or(has_siret) as has_siret
from counted
group by 1, 2
order by 1, 3 desc, 2
