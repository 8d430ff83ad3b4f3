-- Which run stands for a day, and how far it may be trusted, is told here and nowhere else: reports, lists, views and
-- waiting tasks ask control.day_run. The same in Python, of what lies in the lake, is plugins/jobmarket/standing.py.
alter table control.ingestion_run add column certificate_version smallint not null default 1;
comment on column control.ingestion_run.certificate_version is
'Rules by which the day was proved. 1: slices were compared with their own totals. 2: the day was verified anew, too.';

-- rows written before this column: only the rules of version 2 have witnesses
update control.ingestion_run
set certificate_version = 2
where jsonb_path_exists(certificate, '$.witnesses[*]');

create view control.run_standing as
select
    source,
    day,
    run_id,
    row_number() over (
        partition by source, day
        order by
            (status = 'loaded') desc, is_certified desc, is_sample asc, collection_finished_at desc, run_id desc
    ) as day_rank,
    case
        when status = 'refused' then 'refused'
        when is_sample then 'sample'
        when (certificate ->> 'gap')::bigint > 0 then 'with_gap'
        when is_certified then 'certified'
        else 'uncertified'
    end as standing,
    certificate_version,
    is_sample,
    -- by any of its runs: the offers of all of them are in the warehouse
    coalesce(
        bool_or(is_generated) filter (where status = 'loaded') over (partition by source, day), is_generated
    ) as is_generated,
    (certificate ->> 'announced')::bigint as announced_count,
    (certificate ->> 'collected')::bigint as collected_count,
    (certificate ->> 'gap')::bigint as gap_count,
    rejected_count,
    case
        when status = 'loaded' then inserted_count + updated_count + unchanged_count + stale_count else 0
    end as loaded_count,
    status = 'loaded' and inserted_count + updated_count + unchanged_count = 0 as is_empty,
    collection_finished_at as read_at,
    loaded_at,
    certificate,
    drift,
    checks
from control.ingestion_run;

comment on view control.run_standing is
'One row per run of a source and day: how far it may be trusted, and its place among the runs of the day.';
comment on column control.run_standing.source is 'Where the offers come from: france_travail.';
comment on column control.run_standing.day is 'Day that the run is about, Europe/Paris.';
comment on column control.run_standing.run_id is 'Run that collected the pages; see control.ingestion_run.';
comment on column control.run_standing.day_rank is
'1: it stands for the day. Loaded runs before refused ones, then certified ones, then samples last, then the newest.';
comment on column control.run_standing.standing is
'certified: the whole day is proved; with_gap: offers announced are missing; uncertified: none is known to be missing,
but the day is not proved; sample: a trial run, which proves nothing; refused: nothing of it was loaded.';
comment on column control.run_standing.certificate_version is
'Rules by which the day was proved; 1 are the older ones.';
comment on column control.run_standing.is_sample is 'The run was told to stop early.';
comment on column control.run_standing.is_generated is
'Some offers of the day, of this run or another, were made by the sandbox: they say nothing of the market.';
comment on column control.run_standing.announced_count is 'Offers that the source announced for the day.';
comment on column control.run_standing.collected_count is 'Distinct offers that the run collected.';
comment on column control.run_standing.gap_count is 'Offers announced and not given by the source after all re-reads.';
comment on column control.run_standing.rejected_count is 'Offers of the run that break the contract.';
comment on column control.run_standing.loaded_count is
'Offers of the day that the run found or put in core; 0 if refused.';
comment on column control.run_standing.is_empty is
'The run is loaded and holds no offer of the day, or none that core has not in a newer state.';
comment on column control.run_standing.read_at is 'Instant at which the run had read the last page.';
comment on column control.run_standing.loaded_at is 'Instant at which the run was loaded last.';
comment on column control.run_standing.certificate is 'The completeness certificate.';
comment on column control.run_standing.drift is 'Fields that the contract does not know, path to number of offers.';
comment on column control.run_standing.checks is 'Results of the checks; null until they have run.';

create view control.day_run as
select
    source,
    day,
    run_id,
    standing,
    certificate_version,
    is_sample,
    is_generated,
    announced_count,
    collected_count,
    gap_count,
    rejected_count,
    loaded_count,
    is_empty,
    read_at,
    loaded_at,
    checks
from control.run_standing
where day_rank = 1;

comment on view control.day_run is
'One row per source and day that any run was about: the run that stands for the day, and how far it may be trusted.';
comment on column control.day_run.source is 'Where the offers come from: france_travail.';
comment on column control.day_run.day is 'Day, Europe/Paris.';
comment on column control.day_run.run_id is 'Run that stands for the day; see control.run_standing.day_rank.';
comment on column control.day_run.standing is
'certified, with_gap, uncertified, sample or refused; see control.run_standing. refused: no run of the day was loaded.';
comment on column control.day_run.certificate_version is 'Rules by which the day was proved; 1 are the older ones.';
comment on column control.day_run.is_sample is 'The run was told to stop early.';
comment on column control.day_run.is_generated is
'Some offers of the day were made by the sandbox: they say nothing of the market.';
comment on column control.day_run.announced_count is 'Offers that the source announced for the day.';
comment on column control.day_run.collected_count is 'Distinct offers that the run collected.';
comment on column control.day_run.gap_count is 'Offers announced and not given by the source after all re-reads.';
comment on column control.day_run.rejected_count is 'Offers of the run that break the contract.';
comment on column control.day_run.loaded_count is 'Offers of the day that the run found or put in core; 0 if refused.';
comment on column control.day_run.is_empty is
'The run is loaded and holds no offer of the day, or none that core has not in a newer state.';
comment on column control.day_run.read_at is 'Instant at which the run had read the last page.';
comment on column control.day_run.loaded_at is 'Instant at which the run was loaded last.';
comment on column control.day_run.checks is 'Results of the checks; null until they have run.';

create or replace view mart.day as
with calendar as (
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

counted as (
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
    coalesce(day_run.standing, 'missing') as day_status,
    coalesce(
        counted.offer_count, case when day_run.standing <> 'refused' then day_run.loaded_count end
    ) as offer_count,
    counted.partner_offer_count,
    day_run.announced_count,
    day_run.collected_count,
    day_run.gap_count,
    day_run.rejected_count,
    (
        select count(*) from jsonb_array_elements(day_run.checks) as checked (result)
        where checked.result ->> 'verdict' = 'warned'
    ) as warned_check_count,
    (
        select count(*) from jsonb_array_elements(day_run.checks) as checked (result)
        where checked.result ->> 'verdict' = 'failed'
    ) as failed_check_count,
    day_run.run_id,
    day_run.read_at,
    day_run.loaded_at,
    coalesce(day_run.is_generated, false) as is_generated,
    day_run.certificate_version
from calendar
left join control.day_run on calendar.source = day_run.source and calendar.created_on = day_run.day
left join counted on calendar.source = counted.source and calendar.created_on = counted.created_on;

comment on column mart.day.day_status is
'certified: the whole day is proved; with_gap: offers announced are missing, see gap_count; uncertified: none is known
to be missing, but the day is not proved; sample: a trial run, which proves nothing; refused: collected, and nothing of
it was loaded; missing: no run was about the day. Only certified days compare.';
comment on column mart.day.offer_count is
'Offers of the day in the warehouse; null for a day that is missing or refused.';
comment on column mart.day.run_id is
'Run that stands for the day, see control.day_run; null for a day that is missing.';
comment on column mart.day.certificate_version is
'Rules by which a certified day was proved: 1 are the older ones, which compared each slice with its own total only.';
