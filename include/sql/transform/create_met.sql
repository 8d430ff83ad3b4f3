-- One row per offer met so far in the load, with what became of it; gone with the transaction. It is here and not in
-- the memory of the task so that the task stays as small for ten days' offers as for one's.
create temporary table met (
    offer_id text collate "C" primary key,
    outcome smallint not null
) on commit drop
