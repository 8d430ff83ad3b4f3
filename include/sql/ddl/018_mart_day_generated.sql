-- An analyst must see which days are no market: offers of the sandbox say so here as in the reports.
create or replace view mart.day as
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

generated as (
    select
        source,
        day,
        bool_or(is_generated) as is_generated
    from control.ingestion_run
    where status = 'loaded'
    group by source, day
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
    best_run.loaded_at,
    coalesce(generated.is_generated, false) as is_generated
from calendar
left join best_run on calendar.source = best_run.source and calendar.created_on = best_run.day
left join generated on calendar.source = generated.source and calendar.created_on = generated.day
left join standing on calendar.source = standing.source and calendar.created_on = standing.created_on;

comment on column mart.day.is_generated is
'Some of its offers were made by the sandbox, which says so in its answers: they say nothing of the market.';
