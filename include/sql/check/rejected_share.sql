-- Guards: nearly every record keeps the contract of an offer; the refused ones are in control.rejected_record.
-- Bounds: under 0.1 percent of real offers are refused; above it somebody should read the reasons, above 1 percent the
-- source has changed. Under 200 offers a single record would be too much: it only warns.
-- Moving them: never up; teach the contract (offer.py) the new shape instead.
select
    rejected_count::numeric / nullif((certificate ->> 'collected')::integer, 0) as observed,
    null::numeric as fail_below,
    case when (certificate ->> 'collected')::integer >= 200 then 0.01 end as fail_above,
    null::numeric as warn_below,
    0.001 as warn_above
from control.ingestion_run
where source = %(source)s and day = %(day)s and run_id = %(run_id)s
