-- The offers that the load has met so far and not written (those it wrote are known by their row), with what became of
-- them; gone with the transaction. They are here and not in the memory of the task so that the task stays as small for
-- ten days' offers as for one's.
create temporary table met (
    offer_id text collate "C" primary key,
    outcome smallint not null
) on commit drop
