-- Days of before a date of which the warehouse still holds offers.
select
    created_on,
    count(*) as offer_count
from core.job_offer
where source = %(source)s and created_on < %(before)s
group by created_on
order by created_on
