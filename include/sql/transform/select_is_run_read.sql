-- Whether a load has compared all records of a run, as it is now, by the rules of today.
select count(*) > 0 as is_read
from control.ingestion_run
where
    source = %(source)s
    and day = %(day)s
    and run_id = %(run_id)s
    and status = 'loaded'
    and rules_hash = %(rules_hash)s
    and page_count = %(page_count)s
    and collection_finished_at = %(finished_at)s
