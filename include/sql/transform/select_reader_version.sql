-- What reads offers by these files: no row if no load has looked into them yet.
select rules_hash from control.reader_version
where reader = %(reader)s and files_hash = %(files_hash)s
