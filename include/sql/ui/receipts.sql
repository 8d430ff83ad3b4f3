-- What the newest runs of a source took, the newest first: one row an Airflow run, its tasks together; seconds by task.
with newest as (
    select
        dag_id,
        dag_run_id,
        max(finished_at) as finished_at
    from control.run_receipt
    where source = %(source)s
    group by dag_id, dag_run_id
    order by max(finished_at) desc
    limit %(runs)s
)

select
    receipt.dag_id,
    receipt.dag_run_id,
    min(receipt.period_key) as period_key,
    bool_and(receipt.is_done) as is_done,
    sum(receipt.phase_seconds) filter (where receipt.phase = 'extract') as extract_seconds,
    sum(receipt.phase_seconds) filter (where receipt.phase = 'load') as load_seconds,
    sum(receipt.phase_seconds) filter (where receipt.phase = 'check') as check_seconds,
    sum(receipt.phase_seconds) filter (where receipt.phase = 'report') as report_seconds,
    sum(receipt.source_call_count)::bigint as source_calls,
    sum(receipt.source_bytes)::bigint as source_bytes,
    coalesce(sum(receipt.row_count) filter (where receipt.phase = 'load'), 0)::bigint as offers_written,
    sum(receipt.s3_cost_usd) as s3_cost_usd,
    sum(receipt.rds_cost_usd) as rds_cost_usd,
    newest.finished_at
from newest
inner join control.run_receipt as receipt on newest.dag_id = receipt.dag_id and newest.dag_run_id = receipt.dag_run_id
group by receipt.dag_id, receipt.dag_run_id, newest.finished_at
order by newest.finished_at desc
