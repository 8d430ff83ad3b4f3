-- Quartiles of the pay of the offers of the period, euros gross a year at 35 hours a week: by domain of trades (one
-- letter), by trade (ROME code), and of all (empty); and how many of these figures are the minimum wage. One figure an
-- offer, which the load has made: whose pay counts and on what hours is said where it is made (enrich/pay/base.py).
select
    coalesce(rome_code, left(rome_code, 1), '') as label,
    count(*) as offers,
    percentile_cont(0.25) within group (order by salary_mid_eur_per_year) as low,
    percentile_cont(0.5) within group (order by salary_mid_eur_per_year) as middle,
    percentile_cont(0.75) within group (order by salary_mid_eur_per_year) as high,
    count(*) filter (where is_minimum_wage) as minimum
from core.job_offer
where
    source = %(source)s
    and created_on between %(first_day)s and %(last_day)s
    and salary_mid_eur_per_year is not null
    and rome_code is not null
group by grouping sets ((), (left(rome_code, 1)), (rome_code))
order by 1
