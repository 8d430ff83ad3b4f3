-- Of what a sweep closes and misses still: what no answer proves, which of that was asked for in vain, and what was due
-- and is proved by an answer to this sweep: the sample that tells of the first.
select
    count(*) filter (where gone_on is null) as unproved_count,
    count(*) filter (
        where gone_on is null and offer_id = any(string_to_array(%(unanswered_ids)s, ','))
    ) as unanswered_count,
    count(*) filter (where gone_on = %(day)s and second_missing_on <= %(day)s) as proved_count
from closable
where coalesce(seen_again_on > %(day)s, true)
