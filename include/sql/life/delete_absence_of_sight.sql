-- Absences that began with a sweep, of offers that turn out to be alive.
delete from core.offer_absence
where
    source = %(source)s
    and first_missing_on = %(day)s
    and offer_id in (select swept.offer_id from swept)
