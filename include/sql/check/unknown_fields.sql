-- Guards: France Travail sends only what the contract knows. A new field or category loses nothing (the raw bytes
-- stay), but somebody should decide whether to read it.
-- Bounds: none is expected. When it warns: add the field to offer.py, read or ignored with a reason.
select
    (select count(*) from jsonb_object_keys(drift)) as observed,
    null::integer as fail_below,
    null::integer as fail_above,
    null::integer as warn_below,
    0 as warn_above
from control.ingestion_run
where source = %(source)s and day = %(day)s and run_id = %(run_id)s
