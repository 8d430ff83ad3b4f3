-- What was concluded from a sweep; what an earlier attempt has closed counts.
update control.sweep
set
    alive_count = greatest(alive_count, %(alive_count)s),
    gone_count = greatest(gone_count, %(gone_count)s),
    closed_count = coalesce(closed_count, 0) + %(closed_count)s,
    waiting_count = %(waiting_count)s,
    false_closure_bound = %(bound)s,
    concluded_at = now()
where source = %(source)s and day = %(day)s and is_counted
