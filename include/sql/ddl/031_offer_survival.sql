-- How long offers stay: Kaplan-Meier with delayed entry. An offer that was known late is at risk from the age at which
-- it was known, and an open one leaves the risk at the age that it has at the last sweep. The mean age of closed
-- offers, or of open ones, would be wrong.
create view mart.offer_survival as
with last_sweep as (
    select
        source,
        max(day) as day
    from control.sweep
    where is_counted
    group by source
),

aged as (
    select
        spell.source,
        dimension.name as dimension,
        dimension.value_code,
        -- the run of a day takes its offers the night after
        case when spell.known_on - spell.opened_on <= 1 then 0 else spell.known_on - spell.opened_on end as entry_days,
        coalesce(spell.first_missing_on, last_sweep.day) - spell.opened_on as exit_days,
        (spell.first_missing_on is not null)::integer as is_ended
    from mart.offer_spell as spell
    inner join last_sweep on spell.source = last_sweep.source
    cross join
        lateral (
            values
            ('all', ''),
            ('origin', case when spell.is_partner then 'partner' else 'france_travail' end),
            ('rome_domain', spell.rome_domain_code),
            ('departement', spell.departement_code),
            ('contract_type', spell.contract_type_code),
            ('partner', spell.partner_name)
        ) as dimension (name, value_code)
    where
        dimension.value_code is not null
        and coalesce(spell.first_missing_on, last_sweep.day) > greatest(
            spell.opened_on,
            case when spell.known_on - spell.opened_on <= 1 then spell.opened_on else spell.known_on end
        )
),

moves as (
    select
        source,
        dimension,
        value_code,
        age_days,
        sum(entered)::bigint as entered_count,
        sum(left_risk)::bigint as left_count,
        sum(ended)::bigint as ended_count
    from (
        select
            source,
            dimension,
            value_code,
            entry_days as age_days,
            1 as entered,
            0 as left_risk,
            0 as ended
        from aged
        union all
        select
            source,
            dimension,
            value_code,
            exit_days as age_days,
            0 as entered,
            1 as left_risk,
            is_ended as ended
        from aged
    ) as moved
    group by source, dimension, value_code, age_days
),

risk as (
    select
        source,
        dimension,
        value_code,
        age_days,
        ended_count,
        -- who entered at an earlier age and has not left before
        (sum(entered_count - left_count) over earlier)::bigint as at_risk_count,
        (sum(entered_count) over whole)::bigint as spell_count
    from moves
    window
        earlier as (
            partition by source, dimension, value_code order by age_days
            rows between unbounded preceding and 1 preceding
        ),
        whole as (partition by source, dimension, value_code)
),

curve as (
    select
        source,
        dimension,
        value_code,
        age_days,
        at_risk_count,
        ended_count,
        spell_count,
        case
            when bool_or(ended_count = at_risk_count) over upto then 0
            else exp(sum(ln(1 - ended_count::double precision / nullif(at_risk_count, ended_count))) over upto)
        end as survival_share,
        sum(
            ended_count::double precision
            / nullif(at_risk_count::double precision * (at_risk_count - ended_count), 0)
        ) over upto as greenwood
    from risk
    where ended_count > 0
    window upto as (partition by source, dimension, value_code order by age_days)
)

select
    source,
    dimension,
    value_code,
    age_days,
    at_risk_count,
    ended_count,
    spell_count,
    survival_share,
    -- on the scale of log(-log), which stays between 0 and 1
    case
        when survival_share > 0 and survival_share < 1
            then power(survival_share, exp(1.96 * sqrt(greenwood) / abs(ln(survival_share))))
        else survival_share
    end as survival_low_share,
    case
        when survival_share > 0 and survival_share < 1
            then power(survival_share, exp(-1.96 * sqrt(greenwood) / abs(ln(survival_share))))
        else survival_share
    end as survival_high_share
from curve;

comment on view mart.offer_survival is
'One row per dimension, value and age at which offers ended: which part of offers is still open at that age.';
comment on column mart.offer_survival.source is 'Where the offers come from: france_travail.';
comment on column mart.offer_survival.dimension is
'all, origin, rome_domain, departement, contract_type or partner (the first one).';
comment on column mart.offer_survival.value_code is 'Value of the dimension; empty for all.';
comment on column mart.offer_survival.age_days is 'Days since the opening of the spell.';
comment on column mart.offer_survival.at_risk_count is 'Spells known and open just before that age.';
comment on column mart.offer_survival.ended_count is 'Spells that ended at that age.';
comment on column mart.offer_survival.spell_count is 'Spells that the curve rests on.';
comment on column mart.offer_survival.survival_share is 'Part of spells that last longer than that age (Kaplan-Meier).';
comment on column mart.offer_survival.survival_low_share is 'Lower end of the band, 95 % (Greenwood).';
comment on column mart.offer_survival.survival_high_share is 'Upper end of the band, 95 % (Greenwood).';

create view mart.offer_lifetime as
select
    source,
    dimension,
    value_code,
    max(spell_count) as spell_count,
    case when max(spell_count) >= 50 then min(age_days) filter (where survival_share < 0.5 + 1e-9) end as median_days,
    case when max(spell_count) >= 50 then min(age_days) filter (where survival_low_share < 0.5 + 1e-9) end
        as median_low_days,
    case when max(spell_count) >= 50 then min(age_days) filter (where survival_high_share < 0.5 + 1e-9) end
        as median_high_days,
    max(spell_count) < 50 as is_refused
from mart.offer_survival
group by source, dimension, value_code;

comment on view mart.offer_lifetime is
'One row per dimension and value: how long half of the offers stay, with its band.';
comment on column mart.offer_lifetime.source is 'Where the offers come from: france_travail.';
comment on column mart.offer_lifetime.dimension is 'As in mart.offer_survival.';
comment on column mart.offer_lifetime.value_code is 'Value of the dimension; empty for all.';
comment on column mart.offer_lifetime.spell_count is 'Spells that it rests on.';
comment on column mart.offer_lifetime.median_days is
'Age in days that half of the offers outlive; null if fewer than half have ended, or is_refused.';
comment on column mart.offer_lifetime.median_low_days is 'Lower end of its band, 95 %.';
comment on column mart.offer_lifetime.median_high_days is 'Upper end of its band, 95 %; null if it is not reached.';
comment on column mart.offer_lifetime.is_refused is 'Fewer than 50 spells: no median is told.';
