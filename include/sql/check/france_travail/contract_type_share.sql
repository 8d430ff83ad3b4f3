-- Guards: the offers of the day have a contract type.
-- Bounds: every offer has one (12,727 of 12,727 in June 2025).
-- Under 200 offers one odd employer moves the share: then it only warns.
-- Moving them: when a healthy month lies elsewhere, to 10-20 percent under its lowest day; never to fit one bad day.
select
    count(contract_type_code)::numeric / nullif(count(*), 0) as observed,
    case when count(*) >= 200 then 0.85 end as fail_below,
    null::numeric as fail_above,
    0.95 as warn_below,
    null::numeric as warn_above
from core.job_offer
where source = %(source)s and created_on = %(day)s
