-- Guards: no column of the warehouse is made for personal data (contact, agence): they stay out by design.
-- Bounds: none is allowed. A column that only looks like one is renamed, the pattern is not loosened.
select
    count(*) as observed,
    null::integer as fail_below,
    0 as fail_above,
    null::integer as warn_below,
    null::integer as warn_above
from information_schema.columns
where
    table_schema in ('core', 'mart')
    and column_name ~ '(contact|agence|agency|courriel|mail|phone|recruiter)'
