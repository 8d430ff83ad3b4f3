-- What else an offer asks for, one row an element, and employers as counts. No remark that somebody wrote freely, and
-- of employers no name: a role that may read mart and not core meets no person.

create view mart.offer_language as
select
    job_offer.source,
    job_offer.offer_id,
    job_offer.created_on,
    job_offer.rome_code,
    listed.language_label,
    listed.requirement_code = 'E' as is_required
from core.job_offer
inner join core.job_offer_language as listed
    on job_offer.source = listed.source and job_offer.offer_id = listed.offer_id;

comment on view mart.offer_language is
'One row per language that an offer asks for. Ask for days (created_on).';
comment on column mart.offer_language.source is 'Where the offer comes from, as in mart.offer.';
comment on column mart.offer_language.offer_id is 'Offer, as in mart.offer.';
comment on column mart.offer_language.created_on is 'Day of creation of the offer, Europe/Paris.';
comment on column mart.offer_language.rome_code is 'Trade of the offer, ROME code.';
comment on column mart.offer_language.language_label is 'Language, in French.';
comment on column mart.offer_language.is_required is 'The language is required; else it is wished.';

create view mart.offer_licence as
select
    job_offer.source,
    job_offer.offer_id,
    job_offer.created_on,
    job_offer.rome_code,
    listed.licence_label,
    listed.requirement_code = 'E' as is_required
from core.job_offer
inner join core.job_offer_licence as listed
    on job_offer.source = listed.source and job_offer.offer_id = listed.offer_id;

comment on view mart.offer_licence is
'One row per driving licence that an offer asks for. Ask for days (created_on).';
comment on column mart.offer_licence.source is 'Where the offer comes from, as in mart.offer.';
comment on column mart.offer_licence.offer_id is 'Offer, as in mart.offer.';
comment on column mart.offer_licence.created_on is 'Day of creation of the offer, Europe/Paris.';
comment on column mart.offer_licence.rome_code is 'Trade of the offer, ROME code.';
comment on column mart.offer_licence.licence_label is 'Licence with its category, such as B - Véhicule léger.';
comment on column mart.offer_licence.is_required is 'The licence is required; else it is wished.';

create view mart.offer_education as
select
    job_offer.source,
    job_offer.offer_id,
    job_offer.created_on,
    job_offer.rome_code,
    listed.level_label,
    listed.field_code,
    listed.field_label,
    listed.requirement_code = 'E' as is_required
from core.job_offer
inner join core.job_offer_education as listed
    on job_offer.source = listed.source and job_offer.offer_id = listed.offer_id;

comment on view mart.offer_education is
'One row per education that an offer asks for. Ask for days (created_on).';
comment on column mart.offer_education.source is 'Where the offer comes from, as in mart.offer.';
comment on column mart.offer_education.offer_id is 'Offer, as in mart.offer.';
comment on column mart.offer_education.created_on is 'Day of creation of the offer, Europe/Paris.';
comment on column mart.offer_education.rome_code is 'Trade of the offer, ROME code.';
comment on column mart.offer_education.level_label is 'Level, such as Bac+2 or equivalent, in the words of the source.';
comment on column mart.offer_education.field_code is 'Field of study, Formacode.';
comment on column mart.offer_education.field_label is 'Field of study.';
comment on column mart.offer_education.is_required is 'The education is required; else it is wished.';

create view mart.offer_partner as
select
    job_offer.source,
    job_offer.offer_id,
    job_offer.created_on,
    job_offer.rome_code,
    listed.partner_name
from core.job_offer
inner join core.job_offer_partner as listed
    on job_offer.source = listed.source and job_offer.offer_id = listed.offer_id;

comment on view mart.offer_partner is
'One row per site that passed an offer on to France Travail; an offer may have several. Ask for days (created_on).';
comment on column mart.offer_partner.source is 'Where the offer comes from, as in mart.offer.';
comment on column mart.offer_partner.offer_id is 'Offer, as in mart.offer.';
comment on column mart.offer_partner.created_on is 'Day of creation of the offer, Europe/Paris.';
comment on column mart.offer_partner.rome_code is 'Trade of the offer, ROME code.';
comment on column mart.offer_partner.partner_name is 'Site, as the source names it.';

create view mart.employer_by_trade as
with newest as (
    select
        source,
        max(day) - 27 as first_on,
        max(day) as last_on
    from control.ingestion_run
    where status = 'loaded'
    group by source
),

-- names that differ only by case or by spaces at their ends are one employer, as in the report
employers as (
    select
        newest.source,
        newest.first_on,
        newest.last_on,
        job_offer.rome_code,
        nullif(upper(trim(job_offer.company_name)), '') as employer,
        count(*) as offer_count,
        count(*) filter (
            where
            coalesce(job_offer.sector_code, left(job_offer.naf_code, 2)) = '78' or job_offer.contract_type_code = 'MIS'
        ) as intermediary_offer_count
    from newest
    inner join core.job_offer
        on
            newest.source = job_offer.source
            and job_offer.created_on between newest.first_on and newest.last_on
    group by newest.source, newest.first_on, newest.last_on, job_offer.rome_code, employer
)

select
    employers.source,
    employers.first_on,
    employers.last_on,
    employers.rome_code,
    rome.rome_label,
    sum(employers.offer_count)::bigint as offer_count,
    coalesce(sum(employers.offer_count) filter (where employers.employer is not null), 0)::bigint as named_offer_count,
    count(employers.employer) as employer_count,
    coalesce(max(employers.offer_count) filter (where employers.employer is not null), 0)
        as largest_employer_offer_count,
    sum(employers.intermediary_offer_count)::bigint as intermediary_offer_count
from employers
left join mart.rome on employers.rome_code = rome.rome_code
group by employers.source, employers.first_on, employers.last_on, employers.rome_code, rome.rome_label;

comment on view mart.employer_by_trade is
'One row per trade over the 28 days that end with the newest one loaded: how many employers stand behind its offers, and
how much of it is the largest. Counts only: no name is here.';
comment on column mart.employer_by_trade.source is 'Where the offers come from: france_travail.';
comment on column mart.employer_by_trade.first_on is 'First of the 28 days.';
comment on column mart.employer_by_trade.last_on is 'Last of the 28 days: the newest one loaded.';
comment on column mart.employer_by_trade.rome_code is 'Trade, ROME code.';
comment on column mart.employer_by_trade.rome_label is 'Trade; null where mart.rome does not know the code.';
comment on column mart.employer_by_trade.offer_count is 'Offers of the trade.';
comment on column mart.employer_by_trade.named_offer_count is
'Those of them that name their employer: what the next two columns rest on.';
comment on column mart.employer_by_trade.employer_count is
'Distinct employers by name. Two establishments that publish under one name are one, an agency is the employer of its
missions.';
comment on column mart.employer_by_trade.largest_employer_offer_count is
'Offers of the employer that has most of the trade.';
comment on column mart.employer_by_trade.intermediary_offer_count is
'Offers of intermediaries: temporary work, or an activity of NAF division 78 (agencies of work and of recruitment).';
