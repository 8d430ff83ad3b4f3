-- What was open at the end of a day, and what each offer said then. A function, since a view takes no day; it reads
-- core as the owner, like the views, and gives no text that employers write freely.
create function mart.offer_as_of(as_of date)
returns table (
    source text,
    offer_id text,
    created_on date,
    is_partner boolean,
    position_count integer,
    rome_code text,
    contract_type_code text,
    is_work_study boolean,
    working_time_category_label text,
    experience_code text,
    departement_code text,
    region_code text,
    place_kind text,
    salary_kind text,
    salary_mid_eur_per_year double precision,
    telework_kind text,
    technology_codes text[],
    is_current boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with bound as (
        select (as_of + 1)::timestamp at time zone 'Europe/Paris' as ends_at
    ),
    -- versions follow one another without a hole, so one that ends later and began before is the one of that day
    later as (
        select version.*
        from core.job_offer_version as version
        where version.valid_to >= (select ends_at from bound)
    ),
    stated as (
        select
            later.source, later.offer_id, later.created_on, later.origin_code, later.position_count, later.rome_code,
            later.contract_type_code, later.is_work_study, later.working_time_category_label, later.experience_code,
            later.departement_code, later.region_code, later.place_kind, later.salary_kind,
            later.salary_mid_eur_per_year, later.telework_kind, later.technology_codes,
            false as is_current
        from later
        where later.valid_from < (select ends_at from bound)
        union all
        select
            offer.source, offer.offer_id, offer.created_on, offer.origin_code, offer.position_count, offer.rome_code,
            offer.contract_type_code, offer.is_work_study, offer.working_time_category_label, offer.experience_code,
            offer.departement_code, offer.region_code, offer.place_kind, offer.salary_kind,
            offer.salary_mid_eur_per_year, offer.telework_kind, offer.technology_codes,
            true as is_current
        from core.job_offer as offer
        where
            offer.created_on <= as_of
            and not exists (
                select from later where later.source = offer.source and later.offer_id = offer.offer_id
            )
    )
    select
        stated.source, stated.offer_id, stated.created_on, stated.origin_code = '2', stated.position_count,
        stated.rome_code, stated.contract_type_code, stated.is_work_study, stated.working_time_category_label,
        stated.experience_code, stated.departement_code, stated.region_code, stated.place_kind, stated.salary_kind,
        stated.salary_mid_eur_per_year, stated.telework_kind, stated.technology_codes, stated.is_current
    from stated
    where
        stated.created_on <= as_of
        and not exists (
            select from core.offer_absence as absence
            where
                absence.source = stated.source
                and absence.offer_id = stated.offer_id
                and absence.is_end
                and absence.first_missing_on <= as_of
                and coalesce(absence.seen_again_on > as_of, true)
        )
$$;
comment on function mart.offer_as_of(date) is
'One row per offer that was open at the end of a day (Europe/Paris), as it was then: created by then, and not ended.';
