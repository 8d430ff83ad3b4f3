-- Absences that end with a sweep: it holds their offers.
update core.offer_absence
set
    seen_again_on = %(day)s,
    gone_on = case when gone_on <= %(day)s then gone_on end
where
    source = %(source)s
    and first_missing_on < %(day)s
    and coalesce(seen_again_on > %(day)s, true)
    and offer_id in (select swept.offer_id from swept)
