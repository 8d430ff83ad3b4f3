-- The offers that a sweep holds, once a record; gone with the transaction, and never written to the log.
create temporary table swept (offer_id text collate "C" not null) on commit drop
