-- Which label stood for the code of a trade, and when. ROME renames trades at each release and lets a code change its
-- meaning (M1202 was the expert-comptable and is the auditeur): a later label is then another trade's name. So the
-- label that offers carry is counted by day, and wins wherever it is known.
create view mart.trade_label as
select
    source,
    split_part(value_code, ' ', 1) as rome_code,
    substr(value_code, strpos(value_code, ' ') + 1) as rome_label,
    min(created_on) as first_on,
    max(created_on) as last_on,
    sum(offer_count) as offer_count
from mart.offer_count
where dimension = 'rome_label' and value_code != ''
group by source, value_code;

comment on view mart.trade_label is
'One row per code of a trade and label that offers carried with it: from when to when. Days loaded by versions that did
not count labels are not in it.';
comment on column mart.trade_label.source is 'Where the offers come from: france_travail.';
comment on column mart.trade_label.rome_code is 'Trade, ROME code.';
comment on column mart.trade_label.rome_label is 'Label that offers carried with the code.';
comment on column mart.trade_label.first_on is 'First day of creation on which an offer carried it.';
comment on column mart.trade_label.last_on is 'Last day of creation on which an offer carried it.';
comment on column mart.trade_label.offer_count is 'Offers that carried it.';

comment on column mart.offer_count.dimension is
'What is counted by: all (one value), contract_type, departement, naf_division (62 of NAF rév. 2, 2025-62 of NAF 2025),
partner, place_kind, rome, rome_label (code, a space, the label that the offer carries), salary_kind, technology. An offer counts
once for each of its partners and technologies, once in the others.';

create or replace view mart.skill_by_trade as
with counted as (
    select
        job_offer.source,
        job_offer.created_on,
        job_offer.rome_code,
        skill.skill_code,
        skill.skill_label,
        max(job_offer.rome_label) as rome_label,
        count(*) as offer_count,
        count(*) filter (where skill.requirement_code = 'E') as required_offer_count,
        -- each offer with skills has exactly one first skill: their sum counts the offers in the same pass
        sum(count(*) filter (where skill.position = 0))
            over (partition by job_offer.source, job_offer.created_on, job_offer.rome_code) as skilled_offer_count
    from core.job_offer
    inner join core.job_offer_skill as skill
        on job_offer.source = skill.source and job_offer.offer_id = skill.offer_id
    group by job_offer.source, job_offer.created_on, job_offer.rome_code, skill.skill_code, skill.skill_label
)

select
    counted.source,
    counted.created_on,
    counted.rome_code,
    coalesce(counted.rome_label, rome.rome_label) as rome_label,
    counted.skill_code,
    counted.skill_label,
    counted.offer_count,
    counted.required_offer_count,
    counted.skilled_offer_count::bigint as skilled_offer_count
from counted
left join mart.rome on counted.rome_code = rome.rome_code;

comment on column mart.skill_by_trade.rome_label is
'Trade, a label that offers of the day carry with the code; without one, that of mart.rome.';

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
        count(coalesce(job_offer.salary_min_eur_per_year, job_offer.salary_max_eur_per_year)) filter (
            where job_offer.is_work_study is not true
        ) as paid_offer_count,
        percentile_cont(array[0.25, 0.5, 0.75]) within group (
            order by
                (
                    coalesce(job_offer.salary_min_eur_per_year, job_offer.salary_max_eur_per_year)
                    + coalesce(job_offer.salary_max_eur_per_year, job_offer.salary_min_eur_per_year)
                ) / 2
        ) filter (where job_offer.is_work_study is not true) as quartiles_eur_per_year
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
    case when measured.paid_offer_count >= 10 then measured.quartiles_eur_per_year[3] end as salary_q3_eur_per_year
from measured
left join mart.rome on measured.rome_code = rome.rome_code
left join mart.rome as rome_domain on left(measured.rome_code, 3) = rome_domain.rome_code;

comment on column mart.pay_by_trade.rome_label is
'Trade, the last label that offers of these days carry with the code; without one, that of mart.rome.';
