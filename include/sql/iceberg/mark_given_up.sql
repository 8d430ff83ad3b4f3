-- The warehouse holds no offer of the day any more.
update control.history_day
set given_up_at = now()
where source = %(source)s and day = %(day)s
