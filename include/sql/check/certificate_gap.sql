-- Guards: every offer that France Travail announced was read.
-- Bounds: a gap stops the extraction unless it is allowed; a day published all the same warns for ever.
-- Never move it: a gap that becomes usual is a fault of the extraction.
select
    (certificate ->> 'gap')::integer as observed,
    null::integer as fail_below,
    null::integer as fail_above,
    null::integer as warn_below,
    0 as warn_above
from control.ingestion_run
where source = %(source)s and day = %(day)s and run_id = %(run_id)s
