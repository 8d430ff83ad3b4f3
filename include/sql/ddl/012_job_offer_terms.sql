-- The terms of a job as numbers, telework, and one figure of pay on one base of hours. Beside what the source wrote,
-- never instead of it. Null in rows that were loaded before these rules: loading their day again (source = raw) fills
-- them.
alter table core.job_offer
add column salary_mid_eur_per_year double precision,
add column salary_mid_rule text,
add column is_minimum_wage boolean,
add column weekly_hours double precision,
add column contract_length_months double precision,
add column experience_months integer,
add column telework_kind text,
add column telework_rule text;

comment on column core.job_offer.salary_mid_eur_per_year is
'The figure that medians are made of: middle of the two bounds, euros gross a year, at 35 hours a week; null without a
figure, for work-study contracts and for part-time pay of an unclear base. See docs/pay.md.';
comment on column core.job_offer.salary_mid_rule is
'How the figure came about: as_read, overtime_taken_off (more than 35 hours a week), part_time_scaled; or why there is
none though the pay could be read: work_study, part_time_unclear, hours_out_of_range.';
comment on column core.job_offer.is_minimum_wage is
'The figure is the minimum wage in force on the day of creation, within 0.2 %, or less; null without a figure.';
comment on column core.job_offer.weekly_hours is
'Hours a week, read in working_time_label; null where it gives none. Minutes as written: 37H50 is 37.83.';
comment on column core.job_offer.contract_length_months is
'Length of the contract in months, read in contract_type_label; days are parts of a month; null where it gives none.';
comment on column core.job_offer.experience_months is
'Months of experience asked for, read in experience_label; 0 where beginners are accepted; null where it gives no
number. experience_code says whether it is wished or required.';
comment on column core.job_offer.telework_kind is
'Telework as the offer says it: full, partial (an extent is said), possible (none is), none (refused); null where the
offer says nothing. See docs/analysts.md.';
comment on column core.job_offer.telework_rule is 'Rule that read telework: see docs/analysts.md.';
