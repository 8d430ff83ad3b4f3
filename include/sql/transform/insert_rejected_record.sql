-- A record that breaks the contract, by its place in the lake: the same one again changes nothing.
insert into control.rejected_record (source, day, run_id, page_key, position, offer_id, reason)
values (%(source)s, %(day)s, %(run_id)s, %(page_key)s, %(position)s, %(offer_id)s, %(reason)s)
on conflict (page_key, position) do update
    set reason = excluded.reason
    where rejected_record.reason <> excluded.reason
