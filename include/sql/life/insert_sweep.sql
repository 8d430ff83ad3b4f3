-- A loaded sweep. Of the certified ones of a day the first that was loaded tells what is absent.
insert into control.sweep (
    source, day, run_id, started_at, finished_at, is_certified, is_counted, offer_count, absent_count, counts
)
values (
    %(source)s, %(day)s, %(run_id)s, %(started_at)s, %(finished_at)s, %(is_certified)s,
    %(is_certified)s and not exists (
        select from control.sweep
        where source = %(source)s and day = %(day)s and is_counted
    ),
    %(offer_count)s, 0, %(counts)s
)
on conflict (source, day, run_id) do update
    set counts = excluded.counts
returning is_counted, (xmax = 0) as is_new
