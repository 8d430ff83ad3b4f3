-- Records of a run that an earlier load refused and this one does not (a corrected contract).
delete from control.rejected_record
where
    source = %(source)s
    and day = %(day)s
    and run_id = %(run_id)s
    and (page_key, position) not in (
        select
            refused.page_key,
            refused.position
        from unnest(%(page_keys)s::text[], %(positions)s::smallint[]) as refused (page_key, position)
    )
