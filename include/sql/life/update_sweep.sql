-- What was concluded from a sweep; what an earlier attempt has closed counts. One that closes nothing more without an
-- answer leaves what is said of that as it stands.
update control.sweep
set
    alive_count = greatest(alive_count, %(alive_count)s),
    gone_count = greatest(gone_count, %(gone_count)s),
    closed_count = coalesce(closed_count, 0) + %(closed_count)s,
    waiting_count = %(waiting_count)s,
    false_closure_bound = case
        when concluded_at is null or %(unproved_count)s > 0 then %(bound)s else false_closure_bound
    end,
    unproved_count = case
        when concluded_at is null or %(unproved_count)s > 0 then %(unproved_count)s else unproved_count
    end,
    unanswered_count = case
        when concluded_at is null or %(unproved_count)s > 0 then %(unanswered_count)s else unanswered_count
    end,
    concluded_at = case
        when concluded_at is null or %(closed_count)s > 0 or waiting_count is distinct from %(waiting_count)s
            then now()
        else concluded_at
    end
where source = %(source)s and day = %(day)s and is_counted
returning unproved_count, unanswered_count, false_closure_bound
