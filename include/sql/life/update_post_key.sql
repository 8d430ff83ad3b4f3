-- Keys of posts by which nothing is found any more.
update core.offer_trace
set post_key = null
where source = %(source)s and post_key is not null and closed_on < %(day)s::date - 60
