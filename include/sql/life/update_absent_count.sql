-- How many offers a sweep misses.
update control.sweep
set absent_count = %(absent_count)s
where source = %(source)s and day = %(day)s and is_counted
