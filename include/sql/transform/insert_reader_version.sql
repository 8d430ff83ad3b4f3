-- Two loads may look into the same files at once: neither waits for what the other has not committed, and one of them
-- writes it.
insert into control.reader_version (reader, files_hash, rules_hash)
select
    %(reader)s,
    %(files_hash)s,
    %(rules_hash)s
where pg_try_advisory_xact_lock(hashtextextended('jobmarket.reader.' || %(reader)s, 0))
on conflict (reader, files_hash) do nothing
