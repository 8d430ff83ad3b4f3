insert into control.source_request (source, run_id)
values (%(source)s, %(run_id)s)
