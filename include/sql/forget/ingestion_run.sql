-- The runs of a day, with their certificates.
delete from control.ingestion_run
where source = %(source)s and day = %(day)s
