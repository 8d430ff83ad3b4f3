-- How the rules read place and pay of the offers of the period: offers by what was read, and by what decided it.
select
    case when grouping(place_kind) = 0 then 'place' else 'pay' end as attribute,
    coalesce(place_kind, salary_kind) as kind,
    case when grouping(place_kind) = 0 then place_method else salary_rule end as decided_by,
    count(*) as offers
from core.job_offer
where source = %(source)s and created_on between %(first_day)s and %(last_day)s
group by grouping sets ((place_kind, place_method), (salary_kind, salary_rule))
order by 1, 2, 3
