-- The records that the runs of a day refused.
delete from control.rejected_record
where source = %(source)s and day = %(day)s
