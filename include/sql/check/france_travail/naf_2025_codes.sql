-- Guards: the day on which NAF 2025 arrives is noticed. It replaces NAF rev. 2 on 2027-01-01, at France Travail perhaps
-- later or one employer at a time: from then on activities do not compare with those before.
-- Bounds: the first day with a code of NAF 2025 warns, however few; later days pass. When it warns: see that
-- include/reference/naf_2025.csv knows the codes (mart.unknown_code), and tell readers of comparisons of activities.
select
    coalesce(sum(today.offer_count), 0) as observed,
    null::integer as fail_below,
    null::integer as fail_above,
    null::integer as warn_below,
    0 as warn_above
from mart.offer_count as today
where
    today.source = %(source)s
    and today.dimension = 'naf_division'
    and today.created_on = %(day)s
    and today.value_code like '2025-%%'
    and not exists (
        select 1 from mart.offer_count as earlier
        where
            earlier.source = %(source)s
            and earlier.dimension = 'naf_division'
            and earlier.created_on < %(day)s
            and earlier.value_code like '2025-%%'
    )
