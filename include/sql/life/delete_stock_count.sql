-- What a sweep of the day held that is no longer in control.sweep.
delete from mart.stock_count
where source = %(source)s and day = %(day)s
