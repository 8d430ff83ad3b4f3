-- How long offers stay open, by origin (empty: all), in the period and at least 28 days up to its end. Kaplan-Meier
-- over ages: of the offers that a sweep held at an age, how many the sweep of the next day lacked. So an offer enters
-- at the age at which it was first held, and an open one says nothing beyond the age that it has. An offer of age a
-- that is gone the next day stayed between a and a + 1 days: medians are upper ends. The age of 0 is left out: a sweep
-- in the morning sees a part of the offers of its day only.
with held as (
    select
        day,
        created_on,
        is_partner,
        offer_count
    from mart.stock_count
    where
        source = %(source)s
        and day between least(%(first_day)s::date, %(last_day)s::date - 27) - 1 and %(last_day)s
),

risk as (
    select
        case
            when grouping(earlier.is_partner) = 1 then ''
            when earlier.is_partner then 'partner'
            else 'france_travail'
        end as label,
        earlier.day - earlier.created_on as age_days,
        sum(earlier.offer_count)::double precision as at_risk,
        sum(greatest(earlier.offer_count - coalesce(later.offer_count, 0), 0))::double precision as ended
    from held as earlier
    left join held as later
        on
            earlier.day + 1 = later.day
            and earlier.created_on = later.created_on
            and earlier.is_partner = later.is_partner
    where
        earlier.created_on < earlier.day
        and earlier.day + 1 in (select held.day from held)
    group by grouping sets ((earlier.day - earlier.created_on), (earlier.is_partner, earlier.day - earlier.created_on))
),

curve as (
    select
        label,
        age_days + 1 as life_days,
        ended,
        case
            when bool_or(ended = at_risk) over upto then 0
            else exp(sum(ln(1 - ended / nullif(at_risk, ended))) over upto)
        end as survival,
        sum(ended / nullif(at_risk * (at_risk - ended), 0)) over upto as greenwood
    from risk
    window upto as (partition by label order by age_days)
),

banded as (
    select
        label,
        life_days,
        max(life_days) over (partition by label) as reached_days,
        ended,
        survival,
        -- on the scale of log(-log), which stays between 0 and 1, as in mart.offer_survival
        case
            when survival > 0 and survival < 1
                then power(survival, exp(1.96 * sqrt(greenwood) / abs(ln(survival))))
            else survival
        end as low,
        case
            when survival > 0 and survival < 1
                then power(survival, exp(-1.96 * sqrt(greenwood) / abs(ln(survival))))
            else survival
        end as high
    from curve
)

select
    label,
    sum(ended)::bigint as ended,
    min(life_days) filter (where survival < 0.5 + 1e-9) as median,
    min(life_days) filter (where low < 0.5 + 1e-9) as low,
    min(life_days) filter (where high < 0.5 + 1e-9) as high,
    min(survival) filter (where life_days <= 7 and reached_days >= 7) as share_7,
    min(survival) filter (where life_days <= 30 and reached_days >= 30) as share_30
from banded
group by label
order by label
