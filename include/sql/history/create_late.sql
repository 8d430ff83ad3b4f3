-- Offers that turn out to have been observed before sweeps that did not hold them: the stretch of these sweeps, and the
-- sweep behind it.
create temporary table late on commit drop as
select
    observed.offer_id,
    min(sweep.day) as first_on,
    (
        select min(following.day) from control.sweep as following
        where
            following.source = %(source)s
            and following.is_counted
            and following.finished_at >= observed.known_at
    ) as following_on
from
    unnest(
        string_to_array(%(offer_ids)s, ','), %(observed_at)s::timestamptz[], %(known_at)s::timestamptz[]
    ) as observed (offer_id, observed_at, known_at)
inner join control.sweep as sweep
    on
        sweep.source = %(source)s
        and sweep.is_counted
        and observed.observed_at < sweep.started_at
        and coalesce(observed.known_at > sweep.finished_at, true)
group by observed.offer_id, observed.known_at
