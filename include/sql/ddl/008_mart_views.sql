-- What analysts read: one row an offer, a technology, a skill. Of the texts that employers write freely only the title
-- is here, and no name of an employer and no contact: a role that may read mart and not core meets no person.
-- docs/analysts.md says how to use them.
create view mart.offer as
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
    coalesce(rome.rome_label, job_offer.rome_label) as rome_label,
    rome_domain.rome_code as rome_domain_code,
    rome_domain.rome_label as rome_domain_label,
    rome_grand_domain.rome_code as rome_grand_domain_code,
    rome_grand_domain.rome_label as rome_grand_domain_label,
    job_offer.rome_appellation_label,
    job_offer.naf_code,
    naf.naf_label,
    naf_division.naf_code as naf_division_code,
    naf_division.naf_label as naf_division_label,
    naf_section.naf_code as naf_section_code,
    naf_section.naf_label as naf_section_label,
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
    job_offer.observed_at
from core.job_offer
left join mart.rome on job_offer.rome_code = rome.rome_code
left join mart.rome as rome_domain on left(job_offer.rome_code, 3) = rome_domain.rome_code
left join mart.rome as rome_grand_domain on left(job_offer.rome_code, 1) = rome_grand_domain.rome_code
left join mart.naf on job_offer.naf_code = naf.naf_code
left join mart.naf as naf_division
    on coalesce(left(job_offer.naf_code, 2), job_offer.sector_code) = naf_division.naf_code
left join mart.naf as naf_section on naf_division.parent_code = naf_section.naf_code
left join mart.commune on job_offer.located_commune_code = commune.commune_code
left join mart.departement on job_offer.departement_code = departement.departement_code
left join mart.region on job_offer.region_code = region.region_code;

comment on view mart.offer is
'One row per offer, its current state, with labels: trade, activity, contract, place, pay. Ask for days (created_on).';
comment on column mart.offer.source is 'Where the offer comes from: france_travail.';
comment on column mart.offer.offer_id is 'Identifier in the source; with source, the key.';
comment on column mart.offer.created_on is 'Day of creation, Europe/Paris. Indexed: ask for days.';
comment on column mart.offer.created_at is 'Instant of creation.';
comment on column mart.offer.created_hour is 'Hour of creation on Paris clocks, 0 to 23.';
comment on column mart.offer.updated_at is 'Instant of the last update; null where the source gives none.';
comment on column mart.offer.is_partner is
'The offer comes from a partner site; else it was given to France Travail. The two describe jobs unequally well.';
comment on column mart.offer.title is 'Title, as the employer wrote it.';
comment on column mart.offer.position_count is 'Positions to fill.';
comment on column mart.offer.rome_code is 'Trade, ROME code.';
comment on column mart.offer.rome_label is
'Trade, label of ROME 4.0; where mart.rome does not know the code, the label that the offer carries.';
comment on column mart.offer.rome_domain_code is
'Domain of the trade: the first 3 characters of its code, so that a trade that is newer than mart.rome has one, too.';
comment on column mart.offer.rome_domain_label is 'Domain of the trade.';
comment on column mart.offer.rome_grand_domain_code is 'Grand domain of the trade: the first letter of its code.';
comment on column mart.offer.rome_grand_domain_label is 'Grand domain of the trade.';
comment on column mart.offer.rome_appellation_label is 'Job name within the trade.';
comment on column mart.offer.naf_code is
'Activity of the employer, NAF rév. 2; of the agency for temporary work. Most partner offers have none.';
comment on column mart.offer.naf_label is 'Activity of the employer; null where mart.naf does not know the code.';
comment on column mart.offer.naf_division_code is
'Division of the activity: the first 2 digits of its code, or else what the source gives.';
comment on column mart.offer.naf_division_label is 'Division of the activity.';
comment on column mart.offer.naf_section_code is 'Section of the activity, A to U.';
comment on column mart.offer.naf_section_label is 'Section of the activity.';
comment on column mart.offer.company_size_label is 'Workforce bracket of the establishment.';
comment on column mart.offer.contract_type_code is 'Contract type: CDI, CDD, MIS (temporary work), SAI (seasonal), ...';
comment on column mart.offer.contract_type_label is 'Contract type with its duration, as the source writes it.';
comment on column mart.offer.contract_nature_label is 'Nature of the contract.';
comment on column mart.offer.is_work_study is 'Apprenticeship or other work-study contract.';
comment on column mart.offer.working_time_category_label is 'Full or part time.';
comment on column mart.offer.experience_code is
'D: beginners accepted; S: experience wished; E: experience required.';
comment on column mart.offer.experience_label is 'Experience, as the source writes it.';
comment on column mart.offer.qualification_code is 'Qualification, 1 to 9; 9 is cadre.';
comment on column mart.offer.qualification_label is 'Qualification.';
comment on column mart.offer.is_accessible_to_disabled is 'Open to disabled workers.';
comment on column mart.offer.place_kind is
'How wide the place of work is: commune, departement, region, france, foreign, unknown.';
comment on column mart.offer.place_confidence is 'high, medium or low; null where the place is unknown.';
comment on column mart.offer.commune_code is 'Commune of the place of work, INSEE code of today.';
comment on column mart.offer.commune_label is 'Commune of the place of work.';
comment on column mart.offer.departement_code is 'Département of the place of work; null where the place is wider.';
comment on column mart.offer.departement_label is 'Département of the place of work.';
comment on column mart.offer.region_code is 'Région of the place of work; null where the place is wider.';
comment on column mart.offer.region_label is 'Région of the place of work.';
comment on column mart.offer.latitude is
'Latitude in degrees, WGS 84, as the source gives it: often the middle of the commune.';
comment on column mart.offer.longitude is 'Longitude in degrees, WGS 84, as the source gives it.';
comment on column mart.offer.salary_label is 'Pay, as the source writes it.';
comment on column mart.offer.salary_kind is
'How the pay was read: stated, corrected, implausible, unreadable, absent; only the first two have amounts a year.';
comment on column mart.offer.salary_period is 'Period of the pay, after correction: hour, month or year.';
comment on column mart.offer.salary_min_eur_per_year is 'Lower bound of the pay, euros gross a year, full time.';
comment on column mart.offer.salary_max_eur_per_year is 'Upper bound of the pay, euros gross a year, full time.';
comment on column mart.offer.salary_mid_eur_per_year is
'Middle of the two bounds, euros gross a year, full time: what medians are made of.';
comment on column mart.offer.technology_codes is
'Technologies that the offer names, codes of mart.technology; one row each in mart.offer_technology.';
comment on column mart.offer.observed_at is 'Instant at which the source gave this state of the offer.';

create view mart.offer_technology as
select
    job_offer.source,
    job_offer.offer_id,
    job_offer.created_on,
    job_offer.rome_code,
    named.technology_code,
    technology.technology_label,
    technology.category_code,
    technology.category_label
from core.job_offer
cross join unnest(job_offer.technology_codes) as named (technology_code)
left join mart.technology on named.technology_code = technology.technology_code;

comment on view mart.offer_technology is 'One row per technology that an offer names. Ask for days (created_on).';
comment on column mart.offer_technology.source is 'Where the offer comes from, as in mart.offer.';
comment on column mart.offer_technology.offer_id is 'Offer, as in mart.offer.';
comment on column mart.offer_technology.created_on is 'Day of creation of the offer, Europe/Paris.';
comment on column mart.offer_technology.rome_code is 'Trade of the offer, ROME code.';
comment on column mart.offer_technology.technology_code is 'Technology, as in mart.technology.';
comment on column mart.offer_technology.technology_label is 'Technology; null if it has left mart.technology since.';
comment on column mart.offer_technology.category_code is 'Kind of technology, code.';
comment on column mart.offer_technology.category_label is 'Kind of technology, in French.';

create view mart.offer_skill as
select
    job_offer.source,
    job_offer.offer_id,
    job_offer.created_on,
    job_offer.rome_code,
    skill.skill_code,
    skill.skill_label,
    skill.requirement_code = 'E' as is_required
from core.job_offer
inner join core.job_offer_skill as skill
    on job_offer.source = skill.source and job_offer.offer_id = skill.offer_id;

comment on view mart.offer_skill is
'One row per ROME skill that an offer asks for; partner offers carry almost none. Ask for days (created_on).';
comment on column mart.offer_skill.source is 'Where the offer comes from, as in mart.offer.';
comment on column mart.offer_skill.offer_id is 'Offer, as in mart.offer.';
comment on column mart.offer_skill.created_on is 'Day of creation of the offer, Europe/Paris.';
comment on column mart.offer_skill.rome_code is 'Trade of the offer, ROME code.';
comment on column mart.offer_skill.skill_code is 'ROME code of the skill; null where the source gives a free label.';
comment on column mart.offer_skill.skill_label is 'Skill.';
comment on column mart.offer_skill.is_required is 'The skill is required; else it is wished.';
