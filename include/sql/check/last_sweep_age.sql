-- Guards: the stock is swept every day, as the licence of France Travail asks (article 5.2: a call every 24 hours at
-- least). The age in hours of the last certified sweep when the day was checked.
-- Bounds: 20 hours, so that there is time to act; nothing is judged before the first sweep.
-- Never move it: the 24 hours are the licence's.
select
    round((extract(epoch from now() - max(finished_at)) / 3600)::numeric, 1) as observed,
    null::numeric as fail_below,
    null::numeric as fail_above,
    null::numeric as warn_below,
    20::numeric as warn_above
from control.sweep
where source = %(source)s and is_counted
