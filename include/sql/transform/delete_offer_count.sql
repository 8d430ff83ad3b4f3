-- The counts of a day whose rows have changed: they are made anew.
delete from mart.offer_count
where source = %(source)s and created_on = %(day)s
