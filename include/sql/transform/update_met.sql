-- Further records of these offers came to more than those before them.
update met
set outcome = %(outcome)s
where offer_id = any(string_to_array(%(offer_ids)s, ','))
