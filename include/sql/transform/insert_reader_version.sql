-- The loads of two sources may look into the same files at once.
insert into control.reader_version (reader, files_hash, rules_hash)
values (%(reader)s, %(files_hash)s, %(rules_hash)s)
on conflict (reader, files_hash) do nothing
