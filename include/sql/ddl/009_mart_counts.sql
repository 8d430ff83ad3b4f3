-- What analysts read of days, trades and technologies: counts and quartiles, made of the views of 008 and their tables.
-- Both views of mart.offer_count ask for a dimension and days of any source: a year is a million rows.
create index offer_count_dimension_created_on_idx on mart.offer_count (dimension, created_on);

create view mart.skill_by_trade as
with counted as (
    select
        job_offer.source,
        job_offer.created_on,
        job_offer.rome_code,
        skill.skill_code,
        skill.skill_label,
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
    rome.rome_label,
    counted.skill_code,
    counted.skill_label,
    counted.offer_count,
    counted.required_offer_count,
    counted.skilled_offer_count::bigint as skilled_offer_count
from counted
left join mart.rome on counted.rome_code = rome.rome_code;

comment on view mart.skill_by_trade is
'One row per day, trade and ROME skill: how many offers ask for it. For several days together ask mart.offer_skill.';
comment on column mart.skill_by_trade.source is 'Where the offers come from: france_travail.';
comment on column mart.skill_by_trade.created_on is 'Day of creation, Europe/Paris.';
comment on column mart.skill_by_trade.rome_code is 'Trade, ROME code.';
comment on column mart.skill_by_trade.rome_label is 'Trade; null where mart.rome does not know the code.';
comment on column mart.skill_by_trade.skill_code is 'ROME code of the skill; null where the source gives a free label.';
comment on column mart.skill_by_trade.skill_label is 'Skill.';
comment on column mart.skill_by_trade.offer_count is 'Offers of the trade that ask for the skill.';
comment on column mart.skill_by_trade.required_offer_count is 'Those of them that require it.';
comment on column mart.skill_by_trade.skilled_offer_count is
'Offers of the trade on that day that list any skill: what offer_count is a part of.';

create view mart.day as
with best_run as (
    select distinct on (source, day)
        source,
        day,
        run_id,
        is_certified,
        is_sample,
        (certificate ->> 'announced')::bigint as announced_count,
        (certificate ->> 'collected')::bigint as collected_count,
        (certificate ->> 'gap')::bigint as gap_count,
        rejected_count,
        inserted_count + updated_count + unchanged_count + stale_count as loaded_count,
        collection_finished_at,
        loaded_at,
        checks
    from control.ingestion_run
    where status = 'loaded'
    order by source asc, day asc, is_certified desc, is_sample asc, collection_finished_at desc, run_id asc
),

calendar as (
    select
        loaded.source,
        days.created_on::date as created_on
    from (
        select
            source,
            min(day) as first_on,
            max(day) as last_on
        from control.ingestion_run
        where status = 'loaded'
        group by source
    ) as loaded
    cross join lateral generate_series(loaded.first_on, loaded.last_on, interval '1 day') as days (created_on)
),

standing as (
    select
        source,
        created_on,
        sum(offer_count) as offer_count,
        coalesce(sum(offer_count) filter (where origin_code = '2'), 0) as partner_offer_count
    from mart.offer_count
    where dimension = 'all'
    group by source, created_on
)

select
    calendar.source,
    calendar.created_on,
    case
        when best_run.run_id is null then 'missing'
        when best_run.is_certified then 'certified'
        when best_run.is_sample then 'sample'
        else 'with_gap'
    end as day_status,
    coalesce(standing.offer_count, best_run.loaded_count) as offer_count,
    standing.partner_offer_count,
    best_run.announced_count,
    best_run.collected_count,
    best_run.gap_count,
    best_run.rejected_count,
    (
        select count(*) from jsonb_array_elements(best_run.checks) as checked (result)
        where checked.result ->> 'verdict' = 'warned'
    ) as warned_check_count,
    (
        select count(*) from jsonb_array_elements(best_run.checks) as checked (result)
        where checked.result ->> 'verdict' = 'failed'
    ) as failed_check_count,
    best_run.run_id,
    best_run.collection_finished_at as read_at,
    best_run.loaded_at
from calendar
left join best_run on calendar.source = best_run.source and calendar.created_on = best_run.day
left join standing on calendar.source = standing.source and calendar.created_on = standing.created_on;

comment on view mart.day is
'One row per day from the first loaded to the last, holes included: how many offers, and how far they can be trusted.';
comment on column mart.day.source is 'Where the offers come from: france_travail.';
comment on column mart.day.created_on is 'Day of creation of the offers, Europe/Paris.';
comment on column mart.day.day_status is
'certified: every offer announced was collected; with_gap: some are missing, see gap_count; sample: a trial run, which
proves nothing; missing: the day was never loaded. Only certified days compare.';
comment on column mart.day.offer_count is 'Offers of the day in the warehouse; null for a day that is missing.';
comment on column mart.day.partner_offer_count is 'Those of them that come from partner sites.';
comment on column mart.day.announced_count is 'Offers that the source announced for the day, in the run that counts.';
comment on column mart.day.collected_count is 'Distinct offers that this run collected.';
comment on column mart.day.gap_count is 'Offers announced and not given by the source after all re-reads.';
comment on column mart.day.rejected_count is
'Offers that break the contract and are kept in control.rejected_record only.';
comment on column mart.day.warned_check_count is 'Checks of the day that somebody should look at.';
comment on column mart.day.failed_check_count is 'Checks of the day that failed; the day is loaded but not reported.';
comment on column mart.day.run_id is
'Run that counts for the day: a certified one before others, then the newest; see control.ingestion_run.';
comment on column mart.day.read_at is 'Instant at which this run had read the last page.';
comment on column mart.day.loaded_at is 'Instant at which this run was loaded last.';

create view mart.technology_by_day as
with counted as (
    select
        source,
        created_on,
        value_code as technology_code,
        sum(offer_count) as offer_count,
        coalesce(sum(offer_count) filter (where origin_code = '2'), 0) as partner_offer_count
    from mart.offer_count
    where dimension = 'technology'
    group by source, created_on, value_code
)

select
    counted.source,
    counted.created_on,
    counted.technology_code,
    technology.technology_label,
    technology.category_code,
    technology.category_label,
    counted.offer_count,
    counted.partner_offer_count
from counted
left join mart.technology on counted.technology_code = technology.technology_code;

comment on view mart.technology_by_day is
'One row per day and technology: how many offers name it; from counts made at the load, so a year is read at once.';
comment on column mart.technology_by_day.source is 'Where the offers come from: france_travail.';
comment on column mart.technology_by_day.created_on is 'Day of creation, Europe/Paris.';
comment on column mart.technology_by_day.technology_code is 'Technology, as in mart.technology.';
comment on column mart.technology_by_day.technology_label is 'Technology; null if it has left mart.technology since.';
comment on column mart.technology_by_day.category_code is 'Kind of technology, code.';
comment on column mart.technology_by_day.category_label is 'Kind of technology, in French.';
comment on column mart.technology_by_day.offer_count is
'Offers that name it; an offer counts once for each of its technologies.';
comment on column mart.technology_by_day.partner_offer_count is 'Those of them that come from partner sites.';

create view mart.pay_by_trade as
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
    rome.rome_label,
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

comment on view mart.pay_by_trade is
'One row per trade over the 28 days that end with the newest one loaded: pay as offered. For other days or by place ask
mart.offer.';
comment on column mart.pay_by_trade.source is 'Where the offers come from: france_travail.';
comment on column mart.pay_by_trade.first_on is 'First of the 28 days.';
comment on column mart.pay_by_trade.last_on is 'Last of the 28 days: the newest one loaded.';
comment on column mart.pay_by_trade.rome_code is 'Trade, ROME code.';
comment on column mart.pay_by_trade.rome_label is 'Trade; null where mart.rome does not know the code.';
comment on column mart.pay_by_trade.rome_domain_code is 'Domain of the trade.';
comment on column mart.pay_by_trade.rome_domain_label is 'Domain of the trade.';
comment on column mart.pay_by_trade.offer_count is 'Offers of the trade.';
comment on column mart.pay_by_trade.paid_offer_count is
'Those of them whose pay could be read, work-study contracts left out: the sample.';
comment on column mart.pay_by_trade.salary_q1_eur_per_year is
'First quartile of the middle of the bounds, euros gross a year, full time; null for a sample under 10.';
comment on column mart.pay_by_trade.salary_median_eur_per_year is
'Median of the middle of the bounds, euros gross a year, full time; null for a sample under 10.';
comment on column mart.pay_by_trade.salary_q3_eur_per_year is
'Third quartile of the middle of the bounds, euros gross a year, full time; null for a sample under 10.';

create view mart.unknown_code as
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
    max(naf_division.naf_label) as counted_under_label,
    count(*) as offer_count
from core.job_offer
left join mart.naf as naf_division on left(job_offer.naf_code, 2) = naf_division.naf_code
where
    job_offer.naf_code is not null
    and not exists (
        select 1 from mart.naf
        where job_offer.naf_code = naf.naf_code
    )
group by job_offer.source, job_offer.created_on, job_offer.naf_code;

comment on view mart.unknown_code is
'One row per day and code of a trade or an activity that mart.rome or mart.naf does not know: its nomenclature is newer
than ours. The offers are in mart.offer all the same, under the domain or division.';
comment on column mart.unknown_code.source is 'Where the offers come from: france_travail.';
comment on column mart.unknown_code.created_on is 'Day of creation, Europe/Paris.';
comment on column mart.unknown_code.nomenclature is 'rome (trades) or naf (activities of employers).';
comment on column mart.unknown_code.code is 'Code as the source gives it.';
comment on column mart.unknown_code.source_label is
'What the source says with it: the label of the trade, the label of the division.';
comment on column mart.unknown_code.counted_under_label is
'Domain, or else grand domain, of the trade, division of the activity; null if that is unknown, too.';
comment on column mart.unknown_code.offer_count is 'Offers that carry the code.';
