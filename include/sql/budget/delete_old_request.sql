-- What no limit looks at any more.
delete from control.source_request
where source = %(source)s and run_id <> %(run_id)s and reserved_at < clock_timestamp() - %(kept)s
