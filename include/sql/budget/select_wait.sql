-- How long until one more request keeps a limit, in seconds, and the instant of it; no row if it may be made now. The
-- limit holds if the request that many places back is older than the stretch.
select
    extract(epoch from reserved_at + %(length)s - clock_timestamp()) as wait_s,
    reserved_at + %(length)s as possible_at
from (
    select reserved_at
    from control.source_request
    where source = %(source)s
    order by reserved_at desc
    limit 1 offset %(before_last)s
) as oldest_that_counts
where reserved_at + %(length)s > clock_timestamp()
