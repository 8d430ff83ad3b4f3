-- What the offers of the period say instead of a département: France, a région (its code), or the label as it stands.
select
    case
        when place_kind = 'france' then 'france'
        when place_kind = 'region' then 'region ' || region_code
        else coalesce(place_label, '?')
    end as label,
    count(*) as offers
from core.job_offer
where source = %(source)s and created_on between %(first_day)s and %(last_day)s and departement_code is null
group by 1
