-- What a role needs of the database itself and has not: only the owner of the database can grant it.
select
    needed.role_name,
    needed.privilege
from (
    values
    ('jobmarket_loader', 'connect'),
    ('jobmarket_loader', 'temporary'),
    ('jobmarket_reporter', 'connect'),
    ('jobmarket_reader', 'connect')
) as needed (role_name, privilege)
where
    not pg_catalog.has_database_privilege(
        needed.role_name::pg_catalog.name, pg_catalog.current_database(), needed.privilege
    )
order by needed.role_name, needed.privilege
