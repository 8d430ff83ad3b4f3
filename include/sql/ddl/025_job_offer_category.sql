-- What a source that has no ROME codes files its offers under; and the readings of a source that estimates pay.
alter table core.job_offer
add column category_code text,
add column category_label text;

comment on column core.job_offer.category_code is
'Category of the source''s own list, such as it-jobs (Adzuna: category.tag); null where it has none.';
comment on column core.job_offer.category_label is 'Category, as the source calls it (Adzuna: category.label).';
comment on column core.job_offer.source is 'Where the offer comes from: france_travail, adzuna.';
comment on column core.job_offer.salary_kind is
'How the pay was read: stated, corrected, implausible, unreadable, absent; or estimated: the figures are the source''s
own guess, which no statistic is made of; see docs/pay.md.';
comment on column core.job_offer.salary_source is
'Where the pay was read: label (salary_label), comment (salary_comment), or numbers that the source gives as such.';
comment on column core.job_offer.salary_min_eur is
'Lower bound as written, euros in the period as written; of an estimated pay the source''s guess.';
comment on column core.job_offer.salary_max_eur is
'Upper bound as written, euros in the period as written; of an estimated pay the source''s guess.';
