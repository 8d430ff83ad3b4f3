-- The columns of the tables that a load writes, but for those that PostgreSQL computes itself.
select
    relation.relname as table_name,
    attribute.attname as column_name,
    type.typname as type_name
from pg_catalog.pg_class as relation
inner join pg_catalog.pg_attribute as attribute on relation.oid = attribute.attrelid
inner join pg_catalog.pg_type as type on attribute.atttypid = type.oid
where
    relation.relnamespace = to_regnamespace('core')
    and relation.relname = any(%(tables)s)
    and attribute.attnum > 0
    and not attribute.attisdropped
    and attribute.attgenerated = ''
