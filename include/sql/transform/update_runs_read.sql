-- A load has changed rows of these days: what runs that other rules have read would come to is open again.
update control.ingestion_run
set rules_hash = null
where source = %(source)s and day = any(%(days)s) and rules_hash <> %(rules_hash)s
