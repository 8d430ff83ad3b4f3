-- From when until when each offer stood. Rows exist only of what ended or was interrupted (core.offer_absence): here
-- they become spells, and every offer that is open has one, too.
create view mart.offer_spell as
with ended as (
    select
        source,
        offer_id,
        last_seen_on,
        first_missing_on,
        closed_on,
        gone_on is not null as is_confirmed_gone,
        seen_again_on,
        lag(seen_again_on) over (partition by source, offer_id order by first_missing_on) as reopened_on,
        row_number() over (partition by source, offer_id order by first_missing_on) as spell_number
    from core.offer_absence
    where is_end
),
first_known as (
    select
        source,
        offer_id,
        min(observed_at) as observed_at
    from (
        select
            source,
            offer_id,
            observed_at
        from core.job_offer_version
        union all
        select
            source,
            offer_id,
            observed_at
        from core.job_offer_restatement
    ) as observed
    group by source, offer_id
),
latest as (
    select distinct on (source, offer_id)
        source,
        offer_id,
        spell_number,
        seen_again_on
    from ended
    order by source asc, offer_id asc, spell_number desc
),
spell as (
    select
        source,
        offer_id,
        spell_number,
        reopened_on,
        last_seen_on,
        first_missing_on,
        closed_on,
        is_confirmed_gone
    from ended
    union all
    -- open: never ended, or seen again after the last end
    select
        offer.source,
        offer.offer_id,
        coalesce(latest.spell_number, 0) + 1 as spell_number,
        latest.seen_again_on as reopened_on,
        null as last_seen_on,
        null as first_missing_on,
        null as closed_on,
        null as is_confirmed_gone
    from core.job_offer as offer
    left join latest on offer.source = latest.source and offer.offer_id = latest.offer_id
    where latest.offer_id is null or latest.seen_again_on is not null
)
select
    spell.source,
    spell.offer_id,
    spell.spell_number,
    coalesce(spell.reopened_on, offer.created_on) as opened_on,
    coalesce(
        spell.reopened_on,
        (least(offer.observed_at, first_known.observed_at) at time zone 'Europe/Paris')::date
    ) as known_on,
    spell.last_seen_on,
    spell.first_missing_on,
    spell.closed_on,
    spell.is_confirmed_gone,
    coalesce(gaps.gap_day_count, 0) as gap_day_count,
    offer.origin_code = '2' as is_partner,
    partner.partner_name,
    left(offer.rome_code, 3) as rome_domain_code,
    offer.departement_code,
    offer.contract_type_code,
    offer.position_count
from spell
inner join core.job_offer as offer on spell.source = offer.source and spell.offer_id = offer.offer_id
left join first_known on spell.source = first_known.source and spell.offer_id = first_known.offer_id
left join core.job_offer_partner as partner
    on spell.source = partner.source and spell.offer_id = partner.offer_id and partner.position = 0
left join lateral (
    select sum(gap.seen_again_on - gap.first_missing_on) as gap_day_count
    from core.offer_absence as gap
    where
        gap.source = spell.source
        and gap.offer_id = spell.offer_id
        and not gap.is_end
        and gap.seen_again_on is not null
        and gap.first_missing_on >= coalesce(spell.reopened_on, offer.created_on)
        and coalesce(gap.first_missing_on < spell.first_missing_on, true)
) as gaps on true;

comment on view mart.offer_spell is
'One row per stretch of time in which an offer was open. Back within seven days is the same spell, with its gap.';
comment on column mart.offer_spell.source is 'Where the offer comes from: france_travail.';
comment on column mart.offer_spell.offer_id is 'Offer, as in mart.offer.';
comment on column mart.offer_spell.spell_number is '1 for the first spell of the offer.';
comment on column mart.offer_spell.opened_on is
'Day of its creation, Europe/Paris; of a later spell the day of the sweep that held it again.';
comment on column mart.offer_spell.known_on is
'Day on which it was first observed: one that ended before it was ever observed is in no statistic of lives.';
comment on column mart.offer_spell.last_seen_on is 'Day on which it was seen last; null while it is open.';
comment on column mart.offer_spell.first_missing_on is
'Day of the first sweep that missed it: it ended after last_seen_on, and on this day or before; null while it is open.';
comment on column mart.offer_spell.closed_on is 'Day on which that was proved; null while it is open.';
comment on column mart.offer_spell.is_confirmed_gone is
'The source itself said that it has it no longer; else two sweeps in a row missed it. Null while it is open.';
comment on column mart.offer_spell.gap_day_count is 'Days within the spell on which sweeps missed it.';
comment on column mart.offer_spell.is_partner is 'It comes from a partner site.';
comment on column mart.offer_spell.partner_name is 'First partner site that passed it on; null without one.';
comment on column mart.offer_spell.rome_domain_code is 'Domain of the trade: first 3 characters of the ROME code.';
comment on column mart.offer_spell.departement_code is 'Département; null where the place is wider.';
comment on column mart.offer_spell.contract_type_code is 'Contract type: CDI, CDD, MIS, ...';
comment on column mart.offer_spell.position_count is 'Positions to fill.';
