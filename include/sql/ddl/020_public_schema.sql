-- Only the owner of a database decides what lies in it: a function in public that fits a call better than
-- PostgreSQL's own would run as whoever makes the call. From version 15 on this is PostgreSQL's default.
do $$
begin
    -- where public belongs to somebody else this account may not, and sessions look elsewhere anyhow
    if exists (
        select from pg_catalog.pg_namespace
        where nspname = 'public' and pg_catalog.pg_has_role(nspowner, 'usage')
    ) then
        revoke create on schema public from public;
    end if;
end
$$;
