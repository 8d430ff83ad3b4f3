-- Offers of several days together, by series, dimension, value and origin, in twelfths of an offer: each day of a
-- series has a weight. The series that only totals are compared of have only the dimensions that explain a total,
-- the others those that the report asks for.
select
    chosen.series,
    counted.dimension,
    counted.value_code,
    counted.origin_code,
    sum(counted.offer_count * chosen.weight) as twelfths
from unnest(%(series)s::text[], %(days)s::date[], %(weights)s::integer[]) as chosen (series, day, weight)
inner join mart.offer_count as counted
    on
        counted.source = %(source)s
        and counted.dimension = any(
            case
                when chosen.series in ('before', 'compared_before', 'earlier', 'compared_earlier')
                    then array['all', 'partner']
                else %(dimensions)s::text[]
            end
        )
        and chosen.day = counted.created_on
group by chosen.series, counted.dimension, counted.value_code, counted.origin_code
order by chosen.series, counted.dimension, counted.value_code, counted.origin_code
