-- Guards: every offer that the source announced was read; of a share nobody expects it.
-- Bounds: a gap stops the extraction unless it is allowed; a day published all the same warns for ever.
-- Never move it: a gap that becomes usual is a fault of the extraction.
select
    (certificate ->> 'gap')::integer as observed,
    null::integer as fail_below,
    null::integer as fail_above,
    null::integer as warn_below,
    case when not coalesce((certificate ->> 'is_share')::boolean, false) then 0 end as warn_above
from control.ingestion_run
where source = %(source)s and day = %(day)s and run_id = %(run_id)s
