-- What this session may not do of what a task does as a role. What the role is granted stands in grants.sql.
with needed (role_name, schema_name, privilege, kinds) as (
    values
    ('jobmarket_loader', 'core', 'select', 'rpvm'),
    ('jobmarket_loader', 'core', 'insert', 'rp'),
    ('jobmarket_loader', 'core', 'delete', 'rp'),
    ('jobmarket_loader', 'mart', 'select', 'rpvm'),
    ('jobmarket_loader', 'mart', 'insert', 'rp'),
    ('jobmarket_loader', 'mart', 'delete', 'rp'),
    ('jobmarket_loader', 'control', 'select', 'rpvm'),
    ('jobmarket_loader', 'control', 'insert', 'rp'),
    ('jobmarket_loader', 'control', 'update', 'rp'),
    ('jobmarket_reporter', 'core', 'select', 'rpvm'),
    ('jobmarket_reporter', 'mart', 'select', 'rpvm')
),

relation as (
    select
        class.oid,
        class.relkind,
        space.nspname as schema_name,
        space.nspname || '.' || class.relname as relation_name
    from pg_catalog.pg_class as class
    inner join pg_catalog.pg_namespace as space on class.relnamespace = space.oid
    where class.relkind in ('r', 'p', 'v', 'm')
)

select
    needed.privilege,
    relation.relation_name
from needed
inner join relation on needed.schema_name = relation.schema_name
where
    needed.role_name = %(role)s
    and strpos(needed.kinds, relation.relkind::text) > 0
    -- what was migrated is the owner's to write
    and not (relation.relation_name = 'control.schema_migration' and needed.privilege <> 'select')
    and (
        not pg_catalog.has_schema_privilege(relation.schema_name, 'usage')
        or not pg_catalog.has_table_privilege(relation.oid, needed.privilege)
    )
order by relation.relation_name, needed.privilege
