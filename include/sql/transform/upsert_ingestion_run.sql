-- One row per run: the counts are those of its last load. Drift and repairs are seen only in what is decoded, so that a
-- load that finds everything unchanged keeps what the load before it saw. Checks belong to the load they looked at.
insert into control.ingestion_run (
    source, day, run_id, status, is_sample, is_gap_allowed, is_generated, is_certified,
    certificate_version, collection_started_at, collection_finished_at, page_count, record_count,
    inserted_count, updated_count, unchanged_count, stale_count, rejected_count, duplicate_count, outside_day_count,
    load_seconds, certificate, drift, repairs, rules_hash
)
values (
    %(source)s, %(day)s, %(run_id)s, %(status)s, %(is_sample)s, %(is_gap_allowed)s, %(is_generated)s,
    %(is_certified)s, %(certificate_version)s,
    %(collection_started_at)s, %(collection_finished_at)s, %(page_count)s, %(record_count)s,
    %(inserted_count)s, %(updated_count)s, %(unchanged_count)s, %(stale_count)s, %(rejected_count)s,
    %(duplicate_count)s, %(outside_day_count)s,
    %(load_seconds)s, %(certificate)s, %(drift)s, %(repairs)s, %(rules_hash)s
)
on conflict (source, day, run_id) do update
    set
        status = excluded.status,
        is_sample = excluded.is_sample,
        is_gap_allowed = excluded.is_gap_allowed,
        is_generated = excluded.is_generated,
        is_certified = excluded.is_certified,
        certificate_version = excluded.certificate_version,
        collection_started_at = excluded.collection_started_at,
        collection_finished_at = excluded.collection_finished_at,
        page_count = excluded.page_count,
        record_count = excluded.record_count,
        inserted_count = excluded.inserted_count,
        updated_count = excluded.updated_count,
        unchanged_count = excluded.unchanged_count,
        stale_count = excluded.stale_count,
        rejected_count = excluded.rejected_count,
        duplicate_count = excluded.duplicate_count,
        outside_day_count = excluded.outside_day_count,
        load_count = ingestion_run.load_count + 1,
        load_seconds = excluded.load_seconds,
        loaded_at = excluded.loaded_at,
        certificate = excluded.certificate,
        drift = ingestion_run.drift || excluded.drift,
        repairs = ingestion_run.repairs || excluded.repairs,
        rules_hash = excluded.rules_hash,
        checks = null
