-- Whether absences are told by a sweep that is loaded: a row if they are.
select true as is_counted
from control.sweep
where source = %(source)s and day = %(day)s and run_id = %(run_id)s and is_counted
