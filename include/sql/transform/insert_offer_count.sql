-- The counts of a day, from its rows in core. What the source states is cut at 200 characters: an index takes no more
-- than some 2,700 bytes, and no code or name of a partner is near that long.
with offers as (
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
)

insert into mart.offer_count (source, dimension, created_on, value_code, origin_code, offer_count)
select
    %(source)s,
    counted.dimension,
    %(day)s,
    counted.value_code,
    counted.origin_code,
    counted.offer_count
from counted
