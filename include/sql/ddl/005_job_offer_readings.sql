-- What the rules of plugins/jobmarket/enrich read in an offer: its place, its pay, the technologies it names. Beside
-- what the source wrote, never instead of it. Null in rows that were loaded before these rules: loading their day again
-- (source = raw) fills them.
alter table core.job_offer
add column located_commune_code text,
add column departement_code text,
add column region_code text,
add column place_kind text,
add column place_method text,
add column place_confidence text,
add column salary_kind text,
add column salary_rule text,
add column salary_source text,
add column salary_period text,
add column salary_min_eur double precision,
add column salary_max_eur double precision,
add column salary_month_count double precision,
add column salary_min_eur_per_year double precision,
add column salary_max_eur_per_year double precision,
add column technology_codes text[],
add column rules_hash integer;

comment on column core.job_offer.located_commune_code is
'Commune of the place of work, INSEE code of today (arrondissements of Paris, Lyon and Marseille where known).';
comment on column core.job_offer.departement_code is
'Département of the place of work; null where the place is wider.';
comment on column core.job_offer.region_code is
'Région of the place of work, INSEE code; null where the place is wider.';
comment on column core.job_offer.place_kind is
'How wide the place is: commune, departement, region, france, foreign, unknown.';
comment on column core.job_offer.place_method is 'Evidence that decided the place: see docs/places.md.';
comment on column core.job_offer.place_confidence is 'high, medium or low; null where the place is unknown.';
comment on column core.job_offer.salary_kind is
'How the pay was read: stated, corrected, implausible, unreadable, absent; see docs/pay.md.';
comment on column core.job_offer.salary_rule is 'Rule that decided the reading of the pay: see docs/pay.md.';
comment on column core.job_offer.salary_source is
'Where the pay was read: label (salary_label) or comment (salary_comment).';
comment on column core.job_offer.salary_period is 'Period of the pay after correction: hour, month or year.';
comment on column core.job_offer.salary_min_eur is 'Lower bound as written, euros in the period as written.';
comment on column core.job_offer.salary_max_eur is 'Upper bound as written, euros in the period as written.';
comment on column core.job_offer.salary_month_count is 'Months as written ("sur 13 mois").';
comment on column core.job_offer.salary_min_eur_per_year is
'Lower bound, euros gross a year, full time; null unless salary_kind is stated or corrected.';
comment on column core.job_offer.salary_max_eur_per_year is
'Upper bound, euros gross a year, full time; null unless salary_kind is stated or corrected.';
comment on column core.job_offer.technology_codes is
'Tools and languages that the offer names, codes of include/reference/technology.toml in alphabetical order.';
comment on column core.job_offer.rules_hash is
'Fingerprint of the rules that read place, pay and technologies: an offer read by other rules is read again.';
