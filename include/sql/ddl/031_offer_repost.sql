-- The same post under a new id: same employer, place and title, created after the end of an offer and within 60 days.
create view mart.offer_repost as
with ended as (
    select
        absence.source,
        absence.offer_id,
        absence.last_seen_on,
        absence.first_missing_on,
        coalesce(
            trace.post_key,
            core.post_key(offer.company_name, coalesce(offer.commune_code, offer.place_label), offer.title)
        ) as post_key
    from core.offer_absence as absence
    inner join core.job_offer as offer
        on absence.source = offer.source and absence.offer_id = offer.offer_id
    left join core.offer_trace as trace
        on absence.source = trace.source and absence.offer_id = trace.offer_id
    where absence.is_end
),

created as (
    select
        offer.source,
        offer.offer_id,
        offer.created_on,
        offer.origin_code,
        coalesce(
            trace.post_key,
            core.post_key(offer.company_name, coalesce(offer.commune_code, offer.place_label), offer.title)
        ) as post_key
    from core.job_offer as offer
    left join core.offer_trace as trace
        on offer.source = trace.source and offer.offer_id = trace.offer_id
)

select distinct on (created.source, created.offer_id)
    created.source,
    created.offer_id,
    created.created_on,
    created.origin_code = '2' as is_partner,
    ended.offer_id as earlier_offer_id,
    ended.last_seen_on as earlier_last_seen_on,
    created.created_on - ended.last_seen_on as day_count
from created
inner join ended
    on
        created.source = ended.source
        and created.post_key = ended.post_key
        and created.offer_id <> ended.offer_id
        and created.created_on between ended.last_seen_on and ended.last_seen_on + 60
order by created.source asc, created.offer_id asc, ended.last_seen_on desc, ended.offer_id asc;

comment on view mart.offer_repost is
'One row per offer that repeats one that had ended: same employer, place and title, another id, within 60 days.';
comment on column mart.offer_repost.source is 'Where the offers come from: france_travail.';
comment on column mart.offer_repost.offer_id is 'The offer that repeats another.';
comment on column mart.offer_repost.created_on is 'Day of its creation, Europe/Paris.';
comment on column mart.offer_repost.is_partner is 'It comes from a partner site.';
comment on column mart.offer_repost.earlier_offer_id is 'The one that it repeats: of several the one that ended last.';
comment on column mart.offer_repost.earlier_last_seen_on is 'Day on which that one was seen last.';
comment on column mart.offer_repost.day_count is 'Days from there to the creation: 0 to 60.';
