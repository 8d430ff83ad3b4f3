-- A day is no longer in the history.
delete from control.history_day
where source = %(source)s and day = %(day)s
