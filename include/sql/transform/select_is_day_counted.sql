-- Counts of a day: none if it was loaded before there were any.
select count(*) as value_count
from mart.offer_count
where source = %(source)s and dimension = 'all' and created_on = %(day)s
