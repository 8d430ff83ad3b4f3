-- Offers of the period by hour of creation on Paris clocks, 0 to 23, by origin. An hour that a clock change repeats
-- counts both times, one that it leaves out is empty.
with counted as (
    select
        extract(hour from created_at at time zone 'Europe/Paris') as hour,
        count(*) filter (where origin_code = '1') as france_travail,
        count(*) filter (where origin_code = '2') as partner
    from core.job_offer
    where source = %(source)s and created_on between %(first_day)s and %(last_day)s
    group by 1
)

select
    hours.hour as label,
    coalesce(counted.france_travail, 0) as france_travail,
    coalesce(counted.partner, 0) as partner
from generate_series(0, 23) as hours (hour)
left join counted on hours.hour = counted.hour
order by hours.hour
