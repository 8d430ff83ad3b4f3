-- Every column of the warehouse with what is said of it and of its table or view, views before tables.
select
    namespace.nspname as schema_name,
    obj_description(namespace.oid, 'pg_namespace') as schema_comment,
    relation.relname as relation_name,
    case when relation.relkind in ('v', 'm') then 'view' else 'table' end as relation_kind,
    obj_description(relation.oid, 'pg_class') as relation_comment,
    attribute.attname as column_name,
    format_type(attribute.atttypid, attribute.atttypmod) as column_type,
    attribute.attnotnull as is_not_null,
    coalesce(attribute.attnum = any(key.conkey), false) as is_in_key,
    col_description(relation.oid, attribute.attnum) as column_comment
from pg_class as relation
inner join pg_namespace as namespace on relation.relnamespace = namespace.oid
inner join pg_attribute as attribute on relation.oid = attribute.attrelid
left join pg_constraint as key on relation.oid = key.conrelid and key.contype = 'p'
where
    namespace.nspname in ('mart', 'core', 'control')
    and relation.relkind in ('r', 'p', 'v', 'm')
    and not relation.relispartition
    and attribute.attnum > 0
    and not attribute.attisdropped
order by
    array_position(array['mart', 'core', 'control'], namespace.nspname::text),
    relation.relkind in ('r', 'p'),
    relation.relname collate "C",
    attribute.attnum
