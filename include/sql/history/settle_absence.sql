-- What follows of an absence from the counted sweeps before and after its first day: when the offer was seen last, and
-- which sweep was the second to miss it. An absence that no second sweep and no answer proves is not closed.
with swept_on as (
    select
        day,
        lag(day) over (order by day) as previous_on,
        lag(started_at) over (order by day) as previous_at,
        lead(day) over (order by day) as next_on
    from control.sweep
    where source = %(source)s and is_counted
),

settled as (
    select
        absence.offer_id,
        absence.first_missing_on,
        case when coalesce(absence.seen_again_on > swept_on.next_on, true) then swept_on.next_on end
            as second_missing_on,
        case
            when offer.observed_at < swept_on.previous_at then swept_on.previous_on
            else (
                select
                    case
                        when min(observed.at) < swept_on.previous_at then swept_on.previous_on
                        else (min(observed.at) at time zone 'Europe/Paris')::date
                    end
                from (
                    select offer.observed_at as at
                    union all
                    select version.observed_at from core.job_offer_version as version
                    where version.source = %(source)s and version.offer_id = absence.offer_id
                    union all
                    select restated.observed_at from core.job_offer_restatement as restated
                    where restated.source = %(source)s and restated.offer_id = absence.offer_id
                ) as observed
            )
        end as last_seen_on
    from core.offer_absence as absence
    inner join swept_on on absence.first_missing_on = swept_on.day
    inner join core.job_offer as offer
        on absence.source = offer.source and absence.offer_id = offer.offer_id
    where
        absence.source = %(source)s
        and (
            absence.first_missing_on = any(%(days)s::date[])
            or absence.offer_id = any(string_to_array(%(offer_ids)s, ','))
        )
)

update core.offer_absence
set
    second_missing_on = settled.second_missing_on,
    last_seen_on = settled.last_seen_on,
    is_closed = offer_absence.is_closed
    and (offer_absence.gone_on is not null or settled.second_missing_on is not null)
from settled
where
    offer_absence.source = %(source)s
    and offer_absence.offer_id = settled.offer_id
    and offer_absence.first_missing_on = settled.first_missing_on
    and (
        offer_absence.second_missing_on is distinct from settled.second_missing_on
        or offer_absence.last_seen_on <> settled.last_seen_on
        or (offer_absence.is_closed and offer_absence.gone_on is null and settled.second_missing_on is null)
    )
