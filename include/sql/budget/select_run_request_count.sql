-- The requests that a run has made so far, all its attempts together.
select count(*)
from control.source_request
where source = %(source)s and run_id = %(run_id)s
