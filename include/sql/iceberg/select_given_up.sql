-- Days of a period whose offers the warehouse has given up, and that no replay has brought back.
select history_day.day
from control.history_day
where
    history_day.source = %(source)s
    and history_day.day between %(first)s and %(last)s
    and history_day.given_up_at is not null
    and history_day.offer_count > 0
    and not exists (
        select from core.job_offer
        where job_offer.source = history_day.source and job_offer.created_on = history_day.day
    )
order by history_day.day
