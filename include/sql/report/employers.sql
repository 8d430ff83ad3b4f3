-- Offers of the period by name of the employer, agencies of temporary work and recruitment apart, the names that differ
-- only by case or spaces taken together. A name is that of an agency if most of its offers are of NAF 78, where the
-- activity is known, or are missions, which only an agency may offer. Only names with enough offers to be shown; what
-- the others hold together has an empty label, what has no name a null one.
with named as (
    select
        nullif(regexp_replace(trim(company_name), '\s+', ' ', 'g'), '') as company_name,
        contract_type_code = 'MIS' as is_mission,
        coalesce(sector_code, left(naf_code, 2)) as sector_code
    from core.job_offer
    where source = %(source)s and created_on between %(first_day)s and %(last_day)s
),

counted as (
    select
        min(company_name) as company_name,
        company_name is null and (sector_code = '78' or is_mission) as is_unnamed_agency,
        2 * count(*) filter (where sector_code = '78') > count(sector_code)
        or 2 * count(*) filter (where is_mission) > count(*) as is_agency,
        count(*) as offers
    from named
    group by upper(company_name), 2
)

select
    coalesce(case when company_name is null then is_unnamed_agency else is_agency end, false) as is_agency,
    case when company_name is null then null when offers >= %(least)s then company_name else '' end as label,
    sum(offers) as offers
from counted
group by 1, 2
order by 1, 3 desc, 2
