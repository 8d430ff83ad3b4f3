-- The sources, of those that are known, of which a day was loaded, in the order given.
select known.source
from unnest(%(sources)s::text[]) with ordinality as known (source, position)
where
    exists (
        select from control.ingestion_run as run
        where run.source = known.source
    )
order by known.position
