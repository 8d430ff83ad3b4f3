-- Quartiles of the pay of the offers of the period, euros gross a year, full time: by domain of trades (one letter), by
-- trade (ROME code), and of all (empty). The pay of an offer is the middle of its bounds. Only what could be read as it
-- stands or was put right; no work-study contract, whose pay the law sets by age.
with paid as (
    select
        rome_code,
        left(rome_code, 1) as domain_code,
        (
            coalesce(salary_min_eur_per_year, salary_max_eur_per_year)
            + coalesce(salary_max_eur_per_year, salary_min_eur_per_year)
        ) / 2 as eur_per_year
    from core.job_offer
    where
        source = %(source)s
        and created_on between %(first_day)s and %(last_day)s
        and salary_kind in ('stated', 'corrected')
        and is_work_study is not true
        and rome_code is not null
)

select
    coalesce(rome_code, domain_code, '') as label,
    count(eur_per_year) as offers,
    percentile_cont(0.25) within group (order by eur_per_year) as low,
    percentile_cont(0.5) within group (order by eur_per_year) as middle,
    percentile_cont(0.75) within group (order by eur_per_year) as high
from paid
where eur_per_year is not null
group by grouping sets ((), (domain_code), (rome_code))
order by 1
