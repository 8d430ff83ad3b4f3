-- A row that is edited finds room on its own page, so that no other page is written, and no key. A sweep of 500,000
-- offers edits thousands, each on a page of its own, and the log takes each page whole that is touched first after a
-- checkpoint.
alter table core.job_offer set (fillfactor = 90);
