-- A day is in the history, with the rows that the warehouse had when its runs had been loaded so often.
insert into control.history_day (source, day, offer_count, load_count, snapshot_id)
values (%(source)s, %(day)s, %(offer_count)s, %(load_count)s, %(snapshot_id)s)
on conflict (source, day) do update
    set
        offer_count = excluded.offer_count,
        load_count = excluded.load_count,
        snapshot_id = excluded.snapshot_id,
        written_at = excluded.written_at,
        given_up_at = null
