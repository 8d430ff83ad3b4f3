-- The states that offers get in this load; gone with the transaction, and never written to the log.
create temporary table renewed (like core.job_offer) on commit drop
