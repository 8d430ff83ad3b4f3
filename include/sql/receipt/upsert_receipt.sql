-- Another attempt of a task adds to what the earlier ones took.
insert into control.run_receipt (
    dag_id, dag_run_id, phase, source, period_key, first_day, run_id, is_done, phase_seconds, warehouse_seconds,
    source_call_count, source_bytes, row_count, lake_write_count, lake_read_count, lake_written_bytes, lake_read_bytes,
    s3_cost_usd, rds_cost_usd
)
values (
    %(dag_id)s, %(dag_run_id)s, %(phase)s, %(source)s, %(period_key)s, %(first_day)s, %(run_id)s, %(is_done)s,
    %(phase_seconds)s, %(warehouse_seconds)s, %(source_call_count)s, %(source_bytes)s, %(row_count)s,
    %(lake_write_count)s, %(lake_read_count)s, %(lake_written_bytes)s, %(lake_read_bytes)s,
    %(s3_cost_usd)s, %(rds_cost_usd)s
)
on conflict (dag_id, dag_run_id, phase) do update
    set
        run_id = coalesce(excluded.run_id, run_receipt.run_id),
        is_done = excluded.is_done,
        attempt_count = run_receipt.attempt_count + 1,
        phase_seconds = run_receipt.phase_seconds + excluded.phase_seconds,
        warehouse_seconds = run_receipt.warehouse_seconds + excluded.warehouse_seconds,
        source_call_count = run_receipt.source_call_count + excluded.source_call_count,
        source_bytes = run_receipt.source_bytes + excluded.source_bytes,
        row_count = run_receipt.row_count + excluded.row_count,
        lake_write_count = run_receipt.lake_write_count + excluded.lake_write_count,
        lake_read_count = run_receipt.lake_read_count + excluded.lake_read_count,
        lake_written_bytes = run_receipt.lake_written_bytes + excluded.lake_written_bytes,
        lake_read_bytes = run_receipt.lake_read_bytes + excluded.lake_read_bytes,
        s3_cost_usd = run_receipt.s3_cost_usd + excluded.s3_cost_usd,
        rds_cost_usd = run_receipt.rds_cost_usd + excluded.rds_cost_usd,
        finished_at = clock_timestamp()
