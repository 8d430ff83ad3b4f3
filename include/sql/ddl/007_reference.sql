-- What a code means: tables filled from include/reference by warehouse/reference.py, and by nothing else.
create table control.reference_table (
    table_name text primary key,
    sha256 text not null,
    row_count integer not null,
    loaded_at timestamptz not null default now()
);
comment on table control.reference_table is
'One row per reference table of mart: from which state of its file it was filled.';
comment on column control.reference_table.table_name is 'Table of mart.';
comment on column control.reference_table.sha256 is
'SHA-256 of the file and the names of the columns, hexadecimal: a table whose hash is the same is left alone.';
comment on column control.reference_table.row_count is 'Rows in the file.';
comment on column control.reference_table.loaded_at is 'Instant of the transaction that filled the table.';

create table mart.rome (
    rome_code text primary key,
    parent_code text,
    rome_label text not null
);
comment on table mart.rome is
'One row per code of ROME 4.0 (trades): grand domain (1 character), domain (3), trade (5).';
comment on column mart.rome.rome_code is 'Code; it starts with that of its parent.';
comment on column mart.rome.parent_code is 'Code one level up; null for a grand domain.';
comment on column mart.rome.rome_label is 'Label in French, as France Travail writes it.';

create table mart.naf (
    naf_code text primary key,
    parent_code text,
    naf_label text not null
);
comment on table mart.naf is
'One row per code of NAF rév. 2 (activities of employers): section (letter), division (2 digits), sub-class (78.20Z).';
comment on column mart.naf.naf_code is 'Code.';
comment on column mart.naf.parent_code is 'Division of a sub-class, section of a division; null for a section.';
comment on column mart.naf.naf_label is 'Label in French, as Insee writes it.';

create table mart.region (
    region_code text primary key,
    region_label text not null,
    population integer
);
comment on table mart.region is 'One row per région, and per overseas collectivity.';
comment on column mart.region.region_code is 'INSEE code; that of the collectivity where there is no région.';
comment on column mart.region.region_label is 'Name.';
comment on column mart.region.population is 'Inhabitants; see include/reference/README.md for the year.';

create table mart.departement (
    departement_code text primary key,
    departement_label text not null,
    region_code text,
    population integer
);
comment on table mart.departement is 'One row per département, and per overseas collectivity.';
comment on column mart.departement.departement_code is 'Code: 01 to 95, 2A, 2B, 971 to 988.';
comment on column mart.departement.departement_label is 'Name.';
comment on column mart.departement.region_code is 'Région, as in mart.region.';
comment on column mart.departement.population is 'Inhabitants; see include/reference/README.md for the year.';

create table mart.commune (
    commune_code text primary key,
    commune_label text not null,
    population integer,
    latitude double precision,
    longitude double precision
);
comment on table mart.commune is
'One row per commune of today, and per arrondissement of Paris, Lyon and Marseille.';
comment on column mart.commune.commune_code is 'INSEE code.';
comment on column mart.commune.commune_label is 'Name.';
comment on column mart.commune.population is 'Inhabitants; see include/reference/README.md for the year.';
comment on column mart.commune.latitude is 'Latitude of its centre in degrees, WGS 84; null where it is not known.';
comment on column mart.commune.longitude is 'Longitude of its centre in degrees, WGS 84; null where it is not known.';

create table mart.technology (
    technology_code text primary key,
    technology_label text not null,
    category_code text not null,
    category_label text not null
);
comment on table mart.technology is 'One row per technology (a tool, a language) that is looked for in the offers.';
comment on column mart.technology.technology_code is 'Code, as in core.job_offer.technology_codes.';
comment on column mart.technology.technology_label is 'Name.';
comment on column mart.technology.category_code is 'Kind of technology, code: language, database, cloud, ...';
comment on column mart.technology.category_label is 'Kind of technology, in French.';
