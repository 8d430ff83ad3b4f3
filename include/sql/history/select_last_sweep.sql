-- When the last counted sweep began: what was observed after it is not late.
select max(started_at) as started_at from control.sweep
where source = %(source)s and is_counted
