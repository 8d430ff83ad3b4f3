-- What was open at each certified sweep of the period and of the 28 days before it, by origin; and, where there was
-- a sweep on the day before, too, what came and what went between the two: what the later one holds beyond the earlier
-- one of offers created since, and lacks of those created before.
with held as (
    select
        day,
        created_on,
        is_partner,
        offer_count,
        position_count
    from mart.stock_count
    where
        source = %(source)s
        and day between %(first_day)s::date - 29 and %(last_day)s
),

moved as (
    select
        later.day,
        coalesce(sum(later.offer_count - coalesce(earlier.offer_count, 0)) filter (
            where later.created_on >= later.day - 1
        ), 0) as opened
    from held as later
    left join held as earlier
        on
            later.day - 1 = earlier.day
            and later.created_on = earlier.created_on
            and later.is_partner = earlier.is_partner
    group by later.day
),

stock as (
    select
        day,
        sum(offer_count) filter (where not is_partner) as france_travail,
        sum(offer_count) filter (where is_partner) as partner,
        sum(offer_count) as offers,
        sum(position_count) as positions
    from held
    group by day
)

select
    stock.day as label,
    coalesce(stock.france_travail, 0)::bigint as france_travail,
    coalesce(stock.partner, 0)::bigint as partner,
    stock.positions::bigint as positions,
    case when earlier.day is not null then moved.opened::bigint end as opened,
    (earlier.offers + moved.opened - stock.offers)::bigint as ended
from stock
inner join moved on stock.day = moved.day
left join stock as earlier on stock.day - 1 = earlier.day
where stock.day >= %(first_day)s::date - 28
order by stock.day
