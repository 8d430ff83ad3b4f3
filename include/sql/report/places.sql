-- Offers of the day by département of the place of work: read on the INSEE code of the commune, else on the
-- postcode, else on the start of the label ("75 - Paris (Dept.)"). Where none gives one, label is null and
-- place_label says what the offer gives instead ("France", a region, a country).
with located as (
    select
        place_label,
        coalesce(
            substring(
                commune_code from '^(97[1-8]|98[4678]|2[AB]|0[1-9]|1[0-9]|2[1-9]|[3-8][0-9]|9[0-5])'
            ),
            case
                when postcode ~ '^20[01]' then '2A'
                when postcode ~ '^20[26]' then '2B'
                else substring(postcode from '^(97[1-8]|98[4678]|0[1-9]|1[0-9]|2[1-9]|[3-8][0-9]|9[0-5])')
            end,
            substring(
                place_label from '^(97[1-8]|98[4678]|2[AB]|0[1-9]|1[0-9]|2[1-9]|[3-8][0-9]|9[0-5]) - '
            )
        ) as departement_code
    from core.job_offer
    where source = %(source)s and created_on = %(day)s
)

select
    departement_code as label,
    case when departement_code is null then coalesce(place_label, '') end as place_label,
    count(*) as offers
from located
group by 1, 2
