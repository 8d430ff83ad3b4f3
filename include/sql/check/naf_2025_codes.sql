-- Guards: the day on which NAF 2025 arrives is noticed. It replaces NAF rev. 2 on 2027-01-01, at France Travail perhaps
-- later or one employer at a time: from then on activities do not compare with those before.
-- Bounds: the first day with a code of NAF 2025 warns, however few; later days pass. When it warns: see that
-- include/reference/naf_2025.csv knows the codes (mart.unknown_code), and tell readers of comparisons of activities.
select
    (
        select count(*) from core.job_offer
        where
            job_offer.source = %(source)s
            and job_offer.created_on = %(day)s
            and mart.naf_nomenclature(job_offer.naf_code, job_offer.sector_code, job_offer.created_on) = 'naf_2025'
            and not exists (
                select 1 from mart.offer_count
                where
                    offer_count.source = %(source)s
                    and offer_count.dimension = 'naf_division'
                    and offer_count.created_on < %(day)s
                    and offer_count.value_code like '2025-%%'
            )
    ) as observed,
    null::integer as fail_below,
    null::integer as fail_above,
    null::integer as warn_below,
    0 as warn_above
