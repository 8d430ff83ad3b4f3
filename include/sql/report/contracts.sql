-- Offers of the day by contract type.
select
    contract_type_code as label,
    count(*) as offers
from core.job_offer
where source = %(source)s and created_on = %(day)s
group by contract_type_code
