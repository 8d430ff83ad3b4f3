-- What offers change while they are open, and what only looks like a change.
create view mart.offer_change as
select
    changed.source,
    changed.changed_on,
    changed.change_kind,
    changed.field_name,
    changed.is_partner,
    count(*) as offer_count
from (
    select
        version.source,
        (version.valid_to at time zone 'Europe/Paris')::date as changed_on,
        'changed' as change_kind,
        field.name as field_name,
        version.origin_code = '2' as is_partner
    from core.job_offer_version as version
    cross join unnest(version.changed_fields || array['']) as field (name)
    union all
    select
        restated.source,
        (restated.ended_at at time zone 'Europe/Paris')::date as changed_on,
        restated.restatement_kind as change_kind,
        '' as field_name,
        offer.origin_code = '2' as is_partner
    from core.job_offer_restatement as restated
    inner join core.job_offer as offer
        on restated.source = offer.source and restated.offer_id = offer.offer_id
) as changed
group by changed.source, changed.changed_on, changed.change_kind, changed.field_name, changed.is_partner;

comment on view mart.offer_change is
'One row per day, kind of change, field and origin: how many offers were changed, and what in them.';
comment on column mart.offer_change.source is 'Where the offers come from: france_travail.';
comment on column mart.offer_change.changed_on is 'Day of the change, Europe/Paris, as the source dates it.';
comment on column mart.offer_change.change_kind is
'changed: it means something else; else stated anew with the same meaning: refreshed (a new date), relabelled (labels of
codes), damaged (characters of a text lost).';
comment on column mart.offer_change.field_name is
'Column of core.job_offer, or list, that changed; empty: all changes of the kind, each offer and change once.';
comment on column mart.offer_change.is_partner is 'The offers come from partner sites.';
comment on column mart.offer_change.offer_count is 'Changes: an offer that is changed twice on a day counts twice.';
