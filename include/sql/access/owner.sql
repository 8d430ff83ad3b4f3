-- Whom the schemas belong to, and whether this account may act for it; of an empty database, whether it may make them.
with owned as (
    select
        nspname as schema_name,
        pg_catalog.pg_get_userbyid(nspowner) as owner_name,
        pg_catalog.pg_has_role(nspowner, 'member') as may_act
    from pg_catalog.pg_namespace
    where nspname in ('control', 'core', 'mart')
    -- one that it may not act for is the one to tell
    order by pg_catalog.pg_has_role(nspowner, 'member') asc, nspname asc
    limit 1
)

select
    current_user as account_name,
    this.datname as database_name,
    pg_catalog.has_database_privilege(this.oid, 'create') as may_create,
    owned.schema_name,
    owned.owner_name,
    owned.may_act
from pg_catalog.pg_database as this
left join owned on true
where this.datname = pg_catalog.current_database()
