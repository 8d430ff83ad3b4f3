-- The offers created on a day; what belongs to them goes with them, by their ids.
delete from core.job_offer
where source = %(source)s and created_on = %(day)s
returning offer_id
