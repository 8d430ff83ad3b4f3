-- Guards: the offers of the day can be located: a département was read in them.
-- Bounds: 94 to 98 percent can in the real offers of 2024 and 2025; the rest says France, a region or a country.
-- A day that an earlier version loaded has none, because nothing has read its places: load it again.
-- Under 200 offers one odd employer moves the share: then it only warns.
-- Moving them: when a healthy month lies elsewhere, to 10-20 percent under its lowest day; never to fit one bad day.
select
    count(departement_code)::numeric / nullif(count(*), 0) as observed,
    case when count(*) >= 200 then 0.80 end as fail_below,
    null::numeric as fail_above,
    0.88 as warn_below,
    null::numeric as warn_above
from core.job_offer
where source = %(source)s and created_on = %(day)s
