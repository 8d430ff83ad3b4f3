-- What offers of the period call each trade: of several labels of a code that of most offers. From the counts of the days;
-- of a day loaded before labels were counted, from its offers.
with days as (
    select
        days.day::date as day,
        exists (
            select 1 from mart.offer_count
            where source = %(source)s and dimension = 'rome_label' and created_on = days.day::date
        ) as is_counted
    from generate_series(%(first_day)s::date, %(last_day)s::date, interval '1 day') as days (day)
),

labelled as (
    select
        split_part(counted.value_code, ' ', 1) as rome_code,
        substr(counted.value_code, strpos(counted.value_code, ' ') + 1) as rome_label,
        counted.offer_count
    from days
    inner join mart.offer_count as counted
        on
            days.day = counted.created_on
            and days.is_counted
            and counted.source = %(source)s
            and counted.dimension = 'rome_label'
            and counted.value_code != ''
    union all
    select
        left(job_offer.rome_code, 200) as rome_code,
        left(job_offer.rome_label, 200) as rome_label,
        1 as offer_count
    from days
    inner join core.job_offer
        on
            days.day = job_offer.created_on
            and not days.is_counted
            and job_offer.source = %(source)s
            and job_offer.created_on between %(first_day)s and %(last_day)s
            and job_offer.rome_label is not null
            and job_offer.rome_code is not null
),

summed as (
    select
        rome_code,
        rome_label,
        sum(offer_count) as offer_count
    from labelled
    group by rome_code, rome_label
)

select distinct on (rome_code)
    rome_code,
    rome_label
from summed
order by rome_code asc, offer_count desc, rome_label asc
