-- The absences that a concluded sweep proves and that are not closed. One that ended before a person allowed a wave of
-- closures is a gap.
create temporary table closable on commit drop as
select
    absence.offer_id,
    absence.first_missing_on,
    absence.second_missing_on,
    absence.seen_again_on,
    absence.gone_on
from core.offer_absence as absence
where
    absence.source = %(source)s
    and not absence.is_closed
    and least(absence.gone_on, absence.second_missing_on) <= greatest(
        %(day)s,
        (
            select max(sweep.day) from control.sweep
            where sweep.source = %(source)s and sweep.is_counted and sweep.concluded_at is not null
        )
    )
    and (absence.gone_on is not null or not %(is_only_gone)s)
    and not exists (
        select from control.sweep as held
        where
            held.source = %(source)s
            and held.is_counted
            and held.waiting_count > 0
            and held.day >= least(absence.gone_on, absence.second_missing_on)
            and held.day < absence.seen_again_on
    )
