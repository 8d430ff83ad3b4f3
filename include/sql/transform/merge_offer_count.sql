-- The counts of a day, from its rows in core; written is what differs from the counts that it had, and no other row is
-- touched. What the source states is cut at 200 characters: an index takes no more than some 2,700 bytes, and no code
-- or name of a partner is near that long.
with recursive offers as (
    select
        offer_id,
        origin_code,
        left(contract_type_code, 200) as contract_type_code,
        departement_code,
        naf_code,
        sector_code,
        place_kind,
        rome_code,
        rome_label,
        salary_kind,
        technology_codes
    from core.job_offer
    where source = %(source)s and created_on = %(day)s
),

-- these two are counted once and summed twice: what an expression would cost each offer it costs some thousand groups
traded as (
    select
        left(rome_code, 200) as rome_code,
        coalesce(left(rome_code || ' ' || rome_label, 200), '') as rome_label,
        origin_code,
        offer_count
    from
        (
            select
                rome_code,
                rome_label,
                origin_code,
                count(*) as offer_count
            from offers
            group by rome_code, rome_label, origin_code
        ) as of_trade
),

active as (
    select
        -- 62 of NAF 2025 is not 62 of NAF rev. 2
        left(
            case mart.naf_nomenclature(naf_code, sector_code, %(day)s) when 'naf_2025' then '2025-' else '' end
            || sector_code,
            200
        ) as sector_code,
        origin_code,
        offer_count
    from
        (
            select
                naf_code,
                sector_code,
                origin_code,
                count(*) as offer_count
            from offers
            group by naf_code, sector_code, origin_code
        ) as of_activity
),

counted as (
    select
        case
            when grouping(contract_type_code) = 0 then 'contract_type'
            when grouping(departement_code) = 0 then 'departement'
            when grouping(place_kind) = 0 then 'place_kind'
            when grouping(salary_kind) = 0 then 'salary_kind'
            else 'all'
        end as dimension,
        coalesce(contract_type_code, departement_code, place_kind, salary_kind, '') as value_code,
        origin_code,
        count(*) as offer_count
    from offers
    group by
        origin_code,
        grouping sets ((), (contract_type_code), (departement_code), (place_kind), (salary_kind))
    union all
    select
        case when grouping(rome_code) = 0 then 'rome' else 'rome_label' end as dimension,
        coalesce(rome_code, rome_label, '') as value_code,
        origin_code,
        sum(offer_count) as offer_count
    from traded
    group by origin_code, grouping sets ((rome_code), (rome_label))
    union all
    select
        'naf_division' as dimension,
        coalesce(sector_code, '') as value_code,
        origin_code,
        sum(offer_count) as offer_count
    from active
    group by sector_code, origin_code
    union all
    select
        'technology' as dimension,
        technology.value_code,
        technology.origin_code,
        count(*) as offer_count
    from
        (
            select
                offers.origin_code,
                unnest(offers.technology_codes) as value_code
            from offers
        ) as technology
    group by technology.value_code, technology.origin_code
    union all
    -- the partners of all offers of an origin in one pass through the index: a look-up each takes half as long again;
    -- and each offer of a partner once by hashes: count(distinct) would sort them, which takes longer
    select
        'partner' as dimension,
        named.value_code,
        named.origin_code,
        count(*) as offer_count
    from
        (
            select distinct
                partner.offer_id,
                origin.origin_code,
                coalesce(left(partner.partner_name, 200), '') as value_code
            from
                (
                    select
                        offers.origin_code,
                        array_agg(offers.offer_id) as offer_ids
                    from offers
                    group by offers.origin_code
                ) as origin
            inner join core.job_offer_partner as partner
                on partner.source = %(source)s and partner.offer_id = any(origin.offer_ids)
        ) as named
    group by named.value_code, named.origin_code
),

-- the counts that the day has: looked up by dimension and day, since the key would else be read from end to end
dimension as (
    select min(dimension) as name
    from mart.offer_count
    where source = %(source)s
    union all
    select
        (
            select min(following.dimension)
            from mart.offer_count as following
            where following.source = %(source)s and following.dimension > dimension.name
        ) as name
    from dimension
    where dimension.name is not null
),

kept as (
    select
        dimension,
        value_code,
        origin_code,
        offer_count
    from mart.offer_count
    where
        source = %(source)s
        and dimension = any(array(select dimension.name from dimension))
        and created_on = %(day)s
),

differing as (
    select
        dimension,
        value_code,
        origin_code,
        counted.offer_count,
        kept.offer_count as kept_count
    from counted
    full join kept using (dimension, value_code, origin_code)
    where counted.offer_count is distinct from kept.offer_count
),

deleted as (
    delete from mart.offer_count
    using differing
    where
        offer_count.source = %(source)s
        and offer_count.created_on = %(day)s
        and offer_count.dimension = differing.dimension
        and offer_count.value_code = differing.value_code
        and offer_count.origin_code = differing.origin_code
        and differing.offer_count is null
),

updated as (
    update mart.offer_count
    set offer_count = differing.offer_count
    from differing
    where
        offer_count.source = %(source)s
        and offer_count.created_on = %(day)s
        and offer_count.dimension = differing.dimension
        and offer_count.value_code = differing.value_code
        and offer_count.origin_code = differing.origin_code
        and differing.offer_count is not null
        and differing.kept_count is not null
)

insert into mart.offer_count (source, dimension, created_on, value_code, origin_code, offer_count)
select
    %(source)s,
    differing.dimension,
    %(day)s,
    differing.value_code,
    differing.origin_code,
    differing.offer_count
from differing
where differing.kept_count is null
