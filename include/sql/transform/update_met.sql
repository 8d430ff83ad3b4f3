-- A further record of an offer came to more than those before it.
update met
set outcome = %(outcome)s
where offer_id = %(offer_id)s
