-- What a sweep is measured by: the offers that it holds and those that it misses, and the days since the one before it.
select
    sweep.offer_count + sweep.absent_count as stock_count,
    sweep.day - coalesce(
        (
            select max(before.day) from control.sweep as before
            where before.source = %(source)s and before.is_counted and before.day < %(day)s
        ),
        sweep.day - 1
    ) as day_count
from control.sweep as sweep
where sweep.source = %(source)s and sweep.day = %(day)s and sweep.is_counted
