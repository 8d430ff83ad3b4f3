-- What it took to collect, load and check the runs that a report is about: of each the Airflow run that asked the
-- source last, so that a replay from raw, which asks nothing, changes no report. The report itself is not in it: it is
-- being written. No row if nothing is known. The columns are the fields of Effort.
with told as (
    select
        day,
        run_id
    from control.run_standing
    where
        source = %(source)s
        and day between %(first_day)s and %(last_day)s
        and standing <> 'refused'
        and (run_id = %(run_id)s or (%(run_id)s::text is null and day_rank = 1))
),

asking as (
    select distinct on (told.day)
        receipt.dag_id,
        receipt.dag_run_id
    from told
    inner join control.run_receipt as receipt
        on told.day = receipt.first_day and told.run_id = receipt.run_id
    where receipt.source = %(source)s and receipt.phase = 'extract' and receipt.source_call_count > 0
    order by told.day asc, receipt.finished_at desc
)

select
    receipt.phase,
    sum(receipt.phase_seconds) as seconds,
    sum(receipt.source_call_count)::bigint as source_calls,
    sum(receipt.source_bytes)::bigint as source_bytes,
    sum(receipt.row_count)::bigint as offers,
    sum(receipt.s3_cost_usd) as s3_cost_usd,
    sum(receipt.rds_cost_usd) as rds_cost_usd
from asking
inner join control.run_receipt as receipt
    on asking.dag_id = receipt.dag_id and asking.dag_run_id = receipt.dag_run_id
where receipt.phase <> 'report'
group by receipt.phase
order by array_position(array['extract', 'load', 'check'], receipt.phase)
