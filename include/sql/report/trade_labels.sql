-- What offers of the period call each trade: of several labels of a code that of most offers. From the counts of the
-- days; of a day that was loaded before labels were counted, from its offers.
with counted as (
    select
        created_on,
        value_code,
        offer_count
    from mart.offer_count
    where
        source = %(source)s
        and dimension = 'rome_label'
        and created_on between %(first_day)s and %(last_day)s
),

labelled as (
    select
        split_part(value_code, ' ', 1) as rome_code,
        substr(value_code, strpos(value_code, ' ') + 1) as rome_label,
        offer_count
    from counted
    where value_code != ''
    union all
    select
        left(rome_code, 200) as rome_code,
        left(rome_label, 200) as rome_label,
        1 as offer_count
    from core.job_offer
    where
        source = %(source)s
        and created_on in (
            select days.day::date
            from generate_series(%(first_day)s::date, %(last_day)s::date, interval '1 day') as days (day)
            where days.day::date not in (select counted.created_on from counted)
        )
        and rome_code is not null
        and rome_label is not null
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
