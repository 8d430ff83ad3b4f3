-- Guards: no offer of the day holds an e-mail address or a telephone number in any of its texts: they are masked before
-- an offer is decoded (france_travail/contacts.py). Looked for are only forms that are never anything else, so that a
-- list of départements alarms nobody; the lists of an offer (skills, education) went through the same mask and are not
-- read again.
-- Bounds: none is allowed. Offers loaded before there was a mask have some: run their day again from raw. Add a form
-- that was missed to enrich/contact.py, do not move the bound.
with texts as (
    select job_offer::text as line
    from core.job_offer
    where source = %(source)s and created_on = %(day)s
    -- so that the text of a row is made once, and not each time that it is named below
    offset 0 -- noqa: AM09
)

select
    count(*) filter (
        where
        (line like '%%@%%' and line ~ '[[:alnum:]]@[[:alnum:]][[:alnum:].-]*\.(fr|com|net|org|eu)\M')
        or (line like '%%+33%%' and line ~ '\+33 ?(\(0\) ?)?[1-9]( ?[0-9]{2}){4}\M')
        or (
            line like '%%0_ __ __ __ __%%'
            and line ~* '(t[ée]l|t[ée]l[ée]phone)[ .:]{0,3}0[1-9]( [0-9]{2}){4}([^ 0-9]|$)'
        )
    ) as observed,
    null::integer as fail_below,
    0 as fail_above,
    null::integer as warn_below,
    null::integer as warn_above
from texts
