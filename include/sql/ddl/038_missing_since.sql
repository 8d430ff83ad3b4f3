-- After a year nearly all offers have long been closed and erased. What a sweep misses, and what was open on a day, is
-- looked for without going through them: the row of an erased offer says from when on sweeps have missed it.
alter table core.job_offer add column missing_since_on date;
comment on column core.job_offer.missing_since_on is
'Of an erased offer the day of the first sweep that missed it (core.offer_absence.first_missing_on); null while its text
stands, and whenever that is not sure.';

create index job_offer_missing_since_on_idx on core.job_offer (missing_since_on, created_on) include (source, offer_id);

-- Whatever changes the end of an offer that may be erased (a sweep that holds it again, or one that is loaded late),
-- its row follows.
create function core.follow_absence() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    update core.job_offer
    set missing_since_on = (
        select absence.first_missing_on
        from core.offer_absence as absence
        where
            absence.source = old.source
            and absence.offer_id = old.offer_id
            and absence.seen_again_on is null
            and absence.is_end
    )
    where source = old.source and offer_id = old.offer_id and missing_since_on is not null;
    return null;
end
$$;
create trigger offer_absence_moved
after update of first_missing_on, seen_again_on, gone_on, second_missing_on, is_closed on core.offer_absence
for each row when (old.is_end)
execute function core.follow_absence();
create trigger offer_absence_deleted
after delete on core.offer_absence
for each row when (old.is_end)
execute function core.follow_absence();

create or replace function mart.offer_as_of(as_of date)
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
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set work_mem = '256MB'
-- how the days of an offer hang together is not known to the planner: it takes a fifth of all for open, and reads all
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    ends_at constant timestamptz := (as_of + 1)::timestamp at time zone 'Europe/Paris';
begin
    return query
    -- the last version that ended by then was followed by what held then, without a hole
    with past as materialized (
        select
            version.source, version.offer_id, version.created_on, version.origin_code, version.position_count,
            version.rome_code, version.contract_type_code, version.is_work_study,
            version.working_time_category_label, version.experience_code, version.departement_code,
            version.region_code, version.place_kind, version.salary_kind, version.salary_mid_eur_per_year,
            version.telework_kind, version.technology_codes,
            false as is_current
        from core.job_offer_version as version
        where version.valid_to >= ends_at and version.valid_from < ends_at
    ),
    stated as (
        select past.* from past
        union all
        select
            offer.source, offer.offer_id, offer.created_on, offer.origin_code, offer.position_count, offer.rome_code,
            offer.contract_type_code, offer.is_work_study, offer.working_time_category_label, offer.experience_code,
            offer.departement_code, offer.region_code, offer.place_kind, offer.salary_kind,
            offer.salary_mid_eur_per_year, offer.telework_kind, offer.technology_codes,
            true as is_current
        from (
            select held.* from core.job_offer as held
            where held.missing_since_on is null and held.created_on <= as_of
            union all
            select held.* from core.job_offer as held
            where held.missing_since_on > as_of and held.created_on <= as_of
        ) as offer
        where
            not exists (
                select from past where past.source = offer.source and past.offer_id = offer.offer_id
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
            -- looked up for each
            offset 0
        );
end
$$;
