-- Who may do what in the warehouse. Applied by every migration, as the owner of the schemas, after the files of ddl:
-- it may be repeated, and what a role had before and has no longer is taken away. A table that a later file makes is
-- covered here; one that the owner makes by hand is covered by the defaults at the end.
revoke all on schema control, core, mart from public, jobmarket_loader, jobmarket_reporter, jobmarket_reader;
revoke all on all tables in schema control, core, mart
from public, jobmarket_loader, jobmarket_reporter, jobmarket_reader;
revoke all on all sequences in schema control, core, mart
from public, jobmarket_loader, jobmarket_reporter, jobmarket_reader;
revoke all on all routines in schema control, core, mart
from public, jobmarket_loader, jobmarket_reporter, jobmarket_reader;

-- The loader loads, checks, closes, erases and forgets. What was migrated is not its business.
grant usage on schema control, core, mart to jobmarket_loader;
grant select, insert, update, delete on all tables in schema core to jobmarket_loader;
grant select on all tables in schema control, mart to jobmarket_loader;
grant usage on all sequences in schema control, core, mart to jobmarket_loader;
grant execute on all routines in schema control, core, mart to jobmarket_loader;

-- It writes tables, and no view: in control what ran, in mart the counts of days and what codes mean. A count is
-- updated where it changes.
do $$
declare
    relation record;
begin
    for relation in
        select
            oid::regclass as name,
            relnamespace = 'control'::regnamespace as is_control
        from pg_catalog.pg_class
        where
            relnamespace in ('control'::regnamespace, 'mart'::regnamespace)
            and relkind in ('r', 'p')
            and oid <> 'control.schema_migration'::regclass
    loop
        execute format('grant insert, delete on %s to jobmarket_loader', relation.name);
        if relation.is_control or relation.name = 'mart.offer_count'::regclass then
            execute format('grant update on %s to jobmarket_loader', relation.name);
        -- before version 17 only the owner may analyze; PostgreSQL does so by itself a minute later
        elsif current_setting('server_version_num')::int >= 170000 then
            execute format('grant maintain on %s to jobmarket_loader', relation.name);
        end if;
    end loop;
end
$$;

-- The reporter reads what reports and pages tell: offers, counts, runs; of what was rejected only the number. It writes
-- the receipts of its tasks, and nothing else.
grant usage on schema control, core, mart to jobmarket_reporter;
grant select on all tables in schema core, mart to jobmarket_reporter;
grant select on
control.schema_migration, control.ingestion_run, control.run_standing, control.day_run, control.sweep,
control.history_day
to jobmarket_reporter;
-- what its own tasks took
grant select, insert, update on control.run_receipt to jobmarket_reporter;
grant execute on all routines in schema core, mart to jobmarket_reporter;

-- The reader has mart, whose views read core for it: offers, and no text or name in which a person may stand.
grant usage on schema mart to jobmarket_reader;
grant select on all tables in schema mart to jobmarket_reader;
grant execute on all routines in schema mart to jobmarket_reader;
-- a view calls it as whoever reads
grant execute on function core.post_key(text, text, text) to jobmarket_reader;

alter default privileges in schema core grant select, insert, update, delete on tables to jobmarket_loader;
alter default privileges in schema core grant select on tables to jobmarket_reporter;
alter default privileges in schema control grant select, insert, update, delete on tables to jobmarket_loader;
alter default privileges in schema mart
grant select on tables to jobmarket_loader, jobmarket_reporter, jobmarket_reader;

-- Where the database belongs to this account it lets the roles in. Where it does not, PostgreSQL's defaults do, or its
-- owner does: the migration says which right is missing.
do $$
begin
    if exists (
        select from pg_catalog.pg_database
        where datname = current_database() and pg_has_role(datdba, 'usage')
    ) then
        execute format(
            'grant connect on database %I to jobmarket_loader, jobmarket_reporter, jobmarket_reader',
            current_database()
        );
        execute format('grant temporary on database %I to jobmarket_loader', current_database());
    end if;
end
$$;
