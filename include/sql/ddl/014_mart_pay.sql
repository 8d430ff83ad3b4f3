-- Pay for analysts on one base of hours, and the terms of a job. Whose pay counts in a median is decided once, where
-- the load makes the figure (enrich/pay_base.py): the report, mart.pay_by_trade and every question to mart.offer agree.
create or replace view mart.offer as
select
    job_offer.source,
    job_offer.offer_id,
    job_offer.created_on,
    job_offer.created_at,
    extract(hour from job_offer.created_at at time zone 'Europe/Paris')::integer as created_hour,
    job_offer.updated_at,
    job_offer.origin_code = '2' as is_partner,
    job_offer.title,
    job_offer.position_count,
    job_offer.rome_code,
    coalesce(job_offer.rome_label, rome.rome_label) as rome_label,
    rome_domain.rome_code as rome_domain_code,
    rome_domain.rome_label as rome_domain_label,
    rome_grand_domain.rome_code as rome_grand_domain_code,
    rome_grand_domain.rome_label as rome_grand_domain_label,
    job_offer.rome_appellation_label,
    job_offer.naf_code,
    coalesce(naf.naf_label, naf_2025.naf_label) as naf_label,
    coalesce(naf_division.naf_code, naf_2025_division.naf_code) as naf_division_code,
    coalesce(naf_division.naf_label, naf_2025_division.naf_label) as naf_division_label,
    coalesce(naf_section.naf_code, naf_2025_section.naf_code) as naf_section_code,
    coalesce(naf_section.naf_label, naf_2025_section.naf_label) as naf_section_label,
    job_offer.company_size_label,
    job_offer.contract_type_code,
    job_offer.contract_type_label,
    job_offer.contract_nature_label,
    job_offer.is_work_study,
    job_offer.working_time_category_label,
    job_offer.experience_code,
    job_offer.experience_label,
    job_offer.qualification_code,
    job_offer.qualification_label,
    job_offer.is_accessible_to_disabled,
    job_offer.place_kind,
    job_offer.place_confidence,
    job_offer.located_commune_code as commune_code,
    commune.commune_label,
    job_offer.departement_code,
    departement.departement_label,
    job_offer.region_code,
    region.region_label,
    job_offer.latitude,
    job_offer.longitude,
    job_offer.salary_label,
    job_offer.salary_kind,
    job_offer.salary_period,
    job_offer.salary_min_eur_per_year,
    job_offer.salary_max_eur_per_year,
    job_offer.salary_mid_eur_per_year,
    job_offer.technology_codes,
    job_offer.observed_at,
    mart.naf_nomenclature(job_offer.naf_code, job_offer.sector_code, job_offer.created_on) as naf_nomenclature,
    job_offer.salary_mid_rule,
    job_offer.is_minimum_wage,
    job_offer.weekly_hours,
    job_offer.contract_length_months,
    job_offer.experience_months,
    job_offer.telework_kind
from core.job_offer
left join mart.rome on job_offer.rome_code = rome.rome_code
left join mart.rome as rome_domain on left(job_offer.rome_code, 3) = rome_domain.rome_code
left join mart.rome as rome_grand_domain on left(job_offer.rome_code, 1) = rome_grand_domain.rome_code
left join mart.naf on job_offer.naf_code = naf.naf_code
left join mart.naf as naf_division
    on
        case
            when mart.naf_nomenclature(job_offer.naf_code, job_offer.sector_code, job_offer.created_on) = 'naf_rev2'
                then coalesce(left(job_offer.naf_code, 2), job_offer.sector_code)
        end = naf_division.naf_code
left join mart.naf as naf_section on naf_division.parent_code = naf_section.naf_code
left join mart.naf_2025 on job_offer.naf_code = naf_2025.naf_code
left join mart.naf_2025 as naf_2025_division
    on
        case
            when mart.naf_nomenclature(job_offer.naf_code, job_offer.sector_code, job_offer.created_on) = 'naf_2025'
                then coalesce(left(job_offer.naf_code, 2), job_offer.sector_code)
        end = naf_2025_division.naf_code
left join mart.naf_2025 as naf_2025_section on naf_2025_division.parent_code = naf_2025_section.naf_code
left join mart.commune on job_offer.located_commune_code = commune.commune_code
left join mart.departement on job_offer.departement_code = departement.departement_code
left join mart.region on job_offer.region_code = region.region_code;

comment on column mart.offer.salary_mid_eur_per_year is
'What medians are made of: middle of the two bounds, euros gross a year, at 35 hours a week. Null without a pay that
could be read, for work-study contracts, and for part-time pay of an unclear base.';
comment on column mart.offer.salary_min_eur_per_year is
'Lower bound of the pay, euros gross a year, as written: the pay of an hour times 1,820, of a month times 12.';
comment on column mart.offer.salary_max_eur_per_year is 'Upper bound of the pay, as the lower one.';
comment on column mart.offer.salary_mid_rule is
'How the figure came about: as_read, overtime_taken_off, part_time_scaled; or why there is none though the pay could be
read: work_study, part_time_unclear, hours_out_of_range.';
comment on column mart.offer.is_minimum_wage is
'The figure is the minimum wage in force on the day of creation, within 0.2 %, or less; null without a figure.';
comment on column mart.offer.weekly_hours is 'Hours a week; null where the offer gives none.';
comment on column mart.offer.contract_length_months is
'Length of the contract in months, days as parts of a month; null where the offer gives none, as a CDI.';
comment on column mart.offer.experience_months is
'Months of experience asked for, 0 where beginners are accepted; null where the offer gives no number.';
comment on column mart.offer.telework_kind is
'Telework as the offer says it: full, partial (an extent is said), possible (none is), none (refused); null where the
offer says nothing.';

create or replace view mart.pay_by_trade as
with newest as (
    select
        source,
        max(day) - 27 as first_on,
        max(day) as last_on
    from control.ingestion_run
    where status = 'loaded'
    group by source
),

measured as (
    select
        newest.source,
        newest.first_on,
        newest.last_on,
        job_offer.rome_code,
        -- of several labels that stood in these days, the last one
        substr(max(to_char(job_offer.created_on, 'YYYYMMDD') || job_offer.rome_label), 9) as rome_label,
        count(*) as offer_count,
        count(job_offer.salary_mid_eur_per_year) as paid_offer_count,
        count(*) filter (where job_offer.is_minimum_wage) as minimum_wage_offer_count,
        percentile_cont(array[0.25, 0.5, 0.75]) within group (
            order by job_offer.salary_mid_eur_per_year
        ) as quartiles_eur_per_year
    from newest
    inner join core.job_offer
        on
            newest.source = job_offer.source
            and job_offer.created_on between newest.first_on and newest.last_on
    group by newest.source, newest.first_on, newest.last_on, job_offer.rome_code
)

select
    measured.source,
    measured.first_on,
    measured.last_on,
    measured.rome_code,
    coalesce(measured.rome_label, rome.rome_label) as rome_label,
    rome_domain.rome_code as rome_domain_code,
    rome_domain.rome_label as rome_domain_label,
    measured.offer_count,
    measured.paid_offer_count,
    case when measured.paid_offer_count >= 10 then measured.quartiles_eur_per_year[1] end as salary_q1_eur_per_year,
    case when measured.paid_offer_count >= 10 then measured.quartiles_eur_per_year[2] end as salary_median_eur_per_year,
    case when measured.paid_offer_count >= 10 then measured.quartiles_eur_per_year[3] end as salary_q3_eur_per_year,
    measured.minimum_wage_offer_count
from measured
left join mart.rome on measured.rome_code = rome.rome_code
left join mart.rome as rome_domain on left(measured.rome_code, 3) = rome_domain.rome_code;

comment on column mart.pay_by_trade.paid_offer_count is
'Those of them that have a figure (salary_mid_eur_per_year of mart.offer): the sample.';
comment on column mart.pay_by_trade.salary_q1_eur_per_year is
'First quartile, euros gross a year at 35 hours a week; null for a sample under 10.';
comment on column mart.pay_by_trade.salary_median_eur_per_year is
'Median, euros gross a year at 35 hours a week; null for a sample under 10.';
comment on column mart.pay_by_trade.salary_q3_eur_per_year is
'Third quartile, euros gross a year at 35 hours a week; null for a sample under 10.';
comment on column mart.pay_by_trade.minimum_wage_offer_count is
'Offers of the sample whose figure is the minimum wage: where they are many, the median says little else.';
