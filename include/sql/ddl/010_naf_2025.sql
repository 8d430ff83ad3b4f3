-- NAF 2025 beside NAF rev. 2: on 2027-01-01 every employer's activity gets a code of the new nomenclature. Divisions
-- and sections of the two share their codes and not their content (J is another section), so each has a table of its
-- own, and every offer says which one its codes are of.
create table mart.naf_2025 (
    naf_code text primary key,
    parent_code text,
    naf_label text not null
);
comment on table mart.naf_2025 is
'One row per code of NAF 2025 (activities of employers from 2027 on): section (letter), division (2 digits), sub-class
(78.20G).';
comment on column mart.naf_2025.naf_code is 'Code.';
comment on column mart.naf_2025.parent_code is 'Division of a sub-class, section of a division; null for a section.';
comment on column mart.naf_2025.naf_label is 'Label in French, as Insee writes it.';

-- The one place of the rule: Insee ends no code of either nomenclature in a letter of the other. What has no such
-- letter (a division alone, 00.00X) is of the nomenclature in force on its day.
create function mart.naf_nomenclature(naf_code text, sector_code text, created_on date) returns text
language sql immutable parallel safe
as $$
select
    case
        when right(naf_code, 1) in ('Z', 'A', 'B', 'C', 'D', 'E', 'F') then 'naf_rev2'
        when right(naf_code, 1) in ('Y', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W')
            then 'naf_2025'
        when coalesce(naf_code, sector_code) is not null
            then case when created_on < date '2027-01-01' then 'naf_rev2' else 'naf_2025' end
    end
$$;
comment on function mart.naf_nomenclature(text, text, date) is
'Nomenclature that the activity of an offer is of: naf_rev2 or naf_2025; null without an activity.';

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
    (
        job_offer.salary_min_eur_per_year
        + coalesce(job_offer.salary_max_eur_per_year, job_offer.salary_min_eur_per_year)
    ) / 2 as salary_mid_eur_per_year,
    job_offer.technology_codes,
    job_offer.observed_at,
    mart.naf_nomenclature(job_offer.naf_code, job_offer.sector_code, job_offer.created_on) as naf_nomenclature
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

comment on column mart.offer.rome_label is
'Trade, the label that the offer carries: the one that stood for its code when it was published. Without one, that of
mart.rome.';
comment on column mart.offer.naf_code is
'Activity of the employer, a code of naf_nomenclature; for temporary work of the agency. Most partners give none.';
comment on column mart.offer.naf_label is
'Activity of the employer; null where neither mart.naf nor mart.naf_2025 knows the code.';
comment on column mart.offer.naf_division_code is
'Division of the activity in its nomenclature: the first 2 digits of its code, or else what the source gives.';
comment on column mart.offer.naf_section_code is
'Section of the activity in its nomenclature: A to U (NAF rév. 2), A to V (NAF 2025). A letter of one is not the same
section of the other.';
comment on column mart.offer.naf_nomenclature is
'Which nomenclature the naf_ columns are of: naf_rev2 or naf_2025; null without an activity. Group by it whenever days
of 2026 and 2027 stand together.';

create or replace view mart.unknown_code as
select
    job_offer.source,
    job_offer.created_on,
    'rome' as nomenclature,
    job_offer.rome_code as code,
    max(job_offer.rome_label) as source_label,
    coalesce(max(rome_domain.rome_label), max(rome_grand_domain.rome_label)) as counted_under_label,
    count(*) as offer_count
from core.job_offer
left join mart.rome as rome_domain on left(job_offer.rome_code, 3) = rome_domain.rome_code
left join mart.rome as rome_grand_domain on left(job_offer.rome_code, 1) = rome_grand_domain.rome_code
where
    job_offer.rome_code is not null
    and not exists (
        select 1 from mart.rome
        where job_offer.rome_code = rome.rome_code
    )
group by job_offer.source, job_offer.created_on, job_offer.rome_code
union all
select
    job_offer.source,
    job_offer.created_on,
    'naf' as nomenclature,
    job_offer.naf_code as code,
    max(job_offer.sector_label) as source_label,
    coalesce(
        max(naf_division.naf_label) filter (
            where mart.naf_nomenclature(job_offer.naf_code, null, job_offer.created_on) = 'naf_rev2'
        ),
        max(naf_2025_division.naf_label) filter (
            where mart.naf_nomenclature(job_offer.naf_code, null, job_offer.created_on) = 'naf_2025'
        )
    ) as counted_under_label,
    count(*) as offer_count
from core.job_offer
left join mart.naf as naf_division on left(job_offer.naf_code, 2) = naf_division.naf_code
left join mart.naf_2025 as naf_2025_division on left(job_offer.naf_code, 2) = naf_2025_division.naf_code
where
    job_offer.naf_code is not null
    and not exists (
        select 1 from mart.naf
        where job_offer.naf_code = naf.naf_code
    )
    and not exists (
        select 1 from mart.naf_2025
        where job_offer.naf_code = naf_2025.naf_code
    )
group by job_offer.source, job_offer.created_on, job_offer.naf_code;

comment on view mart.unknown_code is
'One row per day and code of a trade or an activity that mart.rome, or mart.naf and mart.naf_2025, do not know: its
nomenclature is newer than ours. The offers are in mart.offer all the same, under the domain or division.';
