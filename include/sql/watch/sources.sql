-- How far the days of each source came. One row a source that has any; analysts may ask this, too. The columns are the
-- fields of SourceState.
select
    source,
    max(created_on) filter (where day_status = 'certified') as certified_on,
    max(created_on) filter (where day_status <> 'missing') as read_on,
    max(created_on) filter (where offer_count > 0) as offered_on
from mart.day
group by source
order by source
