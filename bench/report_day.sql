-- A day of offers for bench/report.py, made of nothing but its date: rows as wide as those of short real offers.
with numbers as (
    select
        number,
        hashint8extended(number, extract(epoch from %(day)s::date)::bigint) as h,
        random() as r
    from generate_series(1, %(offers)s) as all_numbers (number)
),

attributes as (
    select
        numbers.number,
        numbers.r,
        abs(numbers.h) as h,
        case when abs(numbers.h) %% 4 = 0 then '1' else '2' end as origin_code,
        (%(rome)s::text[])[1 + floor(power(random(), 2) * %(rome_count)s)::int] as rome_code,
        (%(departements)s::text[])[1 + floor(power(random(), 2) * 101)::int] as departement_code
    from numbers
)

insert into core.job_offer (
    source, offer_id, created_on, created_at, updated_at, is_coordinates_swapped, origin_code, title, description,
    place_label, commune_code, rome_code, rome_label, company_name, contract_type_code, salary_label, sector_code,
    departement_code, region_code, place_kind, place_method, place_confidence, salary_kind, salary_rule,
    salary_min_eur_per_year, salary_max_eur_per_year, technology_codes, rules_hash, observed_at, content_hash, run_id
)
select
    'france_travail',
    to_char(%(day)s::date, 'YYYYMMDD') || lpad(number::text, 6, '0'),
    %(day)s::date,
    (%(day)s::date + make_interval(secs => h %% 86400)) at time zone 'Europe/Paris',
    (%(day)s::date + make_interval(secs => h %% 86400)) at time zone 'Europe/Paris',
    false,
    origin_code,
    'Offre de test numéro ' || number,
    repeat(md5(number::text) || ' ', 24),
    departement_code || ' - COMMUNE ' || h %% 300,
    departement_code || lpad((h %% 300)::text, 3, '0'),
    rome_code,
    'Métier ' || rome_code,
    case when h %% 5 < 3 then 'EMPLOYEUR ' || floor(power(r, 4) * 30000)::int end,
    (array['CDI', 'CDI', 'CDI', 'MIS', 'CDD', 'SAI', 'LIB'])[1 + (h / 7) %% 7],
    'Annuel de 24000 Euros à 30000 Euros sur 12 mois',
    lpad((1 + (h / 11) %% 95)::text, 2, '0'),
    case when h %% 37 > 0 then departement_code end,
    case when h %% 37 > 0 then '84' end,
    case when h %% 37 > 0 then 'commune' else 'france' end,
    'commune_code',
    'high',
    case when h %% 3 = 0 then 'stated' else 'absent' end,
    'year',
    case when h %% 3 = 0 then 22000 + (h / 3) %% 20000 end,
    case when h %% 3 = 0 then 24000 + (h / 3) %% 20000 end,
    case when h %% 12 = 0 then (%(technologies)s::text[])[1 + (h / 12) %% 200:2 + (h / 12) %% 200] end,
    1,
    (%(day)s::date + 1)::timestamp,
    ''::bytea,
    'bench'
from attributes
