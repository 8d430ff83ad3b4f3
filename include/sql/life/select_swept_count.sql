-- Distinct offers of a sweep.
select count(distinct offer_id) as offer_count from swept
