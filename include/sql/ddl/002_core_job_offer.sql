-- The current state of each offer. Texts are as the source gives them, HTML entities decoded.
-- Compression is chosen by the load for its session (lz4 where the server has it): this file works on any server.
create schema core;
comment on schema core is 'Typed, keyed rows: the current state of each offer and of what belongs to it.';

create table core.job_offer (
    source text collate "C" not null,
    offer_id text collate "C" not null,
    created_on date not null,
    position_count integer,
    created_at timestamptz not null,
    updated_at timestamptz,
    latitude double precision,
    longitude double precision,
    is_coordinates_swapped boolean not null,
    is_work_study boolean,
    is_accessible_to_disabled boolean,
    is_adapted_company boolean,
    is_disability_employer boolean,
    is_short_of_candidates boolean,
    origin_code text not null,
    title text not null,
    description text,
    place_label text,
    commune_code text,
    postcode text,
    rome_code text,
    rome_label text,
    rome_appellation_label text,
    company_name text,
    company_description text,
    company_url text,
    company_siret_code text,
    company_size_label text,
    contract_type_code text,
    contract_type_label text,
    contract_nature_label text,
    experience_code text,
    experience_label text,
    experience_comment text,
    salary_label text,
    salary_comment text,
    salary_complement_1_label text,
    salary_complement_2_label text,
    salary_complement_codes text[],
    salary_complement_labels text[],
    working_time_label text,
    working_time_category_label text,
    working_time_comment text,
    working_condition_comment text,
    working_condition_labels text[],
    travel_code text,
    travel_label text,
    qualification_code text,
    qualification_label text,
    naf_code text,
    sector_code text,
    sector_label text,
    soft_skill_labels text[],
    office_tool_labels text[],
    observed_at timestamptz not null,
    content_hash bytea not null,
    run_id text collate "C" not null,
    primary key (source, offer_id)
);
create index job_offer_created_on_idx on core.job_offer (created_on);

comment on table core.job_offer is 'One row per offer, its current state. Personal data (contact, agence) never enter.';
comment on column core.job_offer.source is 'Where the offer comes from: france_travail.';
comment on column core.job_offer.offer_id is 'Identifier in the source, leading zeros kept (id).';
comment on column core.job_offer.created_on is 'Day of creation, Europe/Paris, as written in dateCreation.';
comment on column core.job_offer.position_count is 'Positions to fill (nombrePostes).';
comment on column core.job_offer.created_at is
'Instant of creation. dateCreation is Paris wall-clock in spite of its Z; of an hour that occurs twice, the first.';
comment on column core.job_offer.updated_at is
'Instant of the last update (dateActualisation, same rule); null where the source gives none.';
comment on column core.job_offer.latitude is
'Latitude in degrees, WGS 84 (lieuTravail.latitude), put right if swapped.';
comment on column core.job_offer.longitude is
'Longitude in degrees, WGS 84 (lieuTravail.longitude), put right if swapped.';
comment on column core.job_offer.is_coordinates_swapped is 'The source gave latitude and longitude in the wrong order.';
comment on column core.job_offer.is_work_study is 'Apprenticeship or other work-study contract (alternance).';
comment on column core.job_offer.is_accessible_to_disabled is 'Open to disabled workers (accessibleTH).';
comment on column core.job_offer.is_adapted_company is
'Company that employs a majority of disabled workers (entrepriseAdaptee, of entreprise or else of the offer).';
comment on column core.job_offer.is_disability_employer is
'Employer committed to disabled workers (employeurHandiEngage).';
comment on column core.job_offer.is_short_of_candidates is
'The source says that candidates are missing (offresManqueCandidats).';
comment on column core.job_offer.origin_code is
'1: given to France Travail; 2: from a partner site (origineOffre.origine).';
comment on column core.job_offer.title is 'Title (intitule).';
comment on column core.job_offer.description is 'Full text (description); the source cuts it at 5,000 characters.';
comment on column core.job_offer.place_label is 'Place of work as written by the source (lieuTravail.libelle).';
comment on column core.job_offer.commune_code is 'INSEE code of the commune (lieuTravail.commune).';
comment on column core.job_offer.postcode is 'Postcode (lieuTravail.codePostal).';
comment on column core.job_offer.rome_code is 'Occupation, ROME code (romeCode).';
comment on column core.job_offer.rome_label is 'Occupation, ROME label (romeLibelle).';
comment on column core.job_offer.rome_appellation_label is 'Job name within the ROME code (appellationlibelle).';
comment on column core.job_offer.company_name is 'Name of the employer (entreprise.nom).';
comment on column core.job_offer.company_description is 'What the employer says of itself (entreprise.description).';
comment on column core.job_offer.company_url is 'Web site of the employer (entreprise.url).';
comment on column core.job_offer.company_siret_code is 'SIRET number of the establishment (entreprise.siret); rare.';
comment on column core.job_offer.company_size_label is 'Workforce bracket of the establishment (trancheEffectifEtab).';
comment on column core.job_offer.contract_type_code is 'Contract type: CDI, CDD, MIS, ... (typeContrat).';
comment on column core.job_offer.contract_type_label is
'Contract type with its duration, as written (typeContratLibelle).';
comment on column core.job_offer.contract_nature_label is 'Nature of the contract (natureContrat, which is a label).';
comment on column core.job_offer.experience_code is
'D: beginners accepted; S: experience wished; E: experience required (experienceExige).';
comment on column core.job_offer.experience_label is 'Experience as written (experienceLibelle).';
comment on column core.job_offer.experience_comment is 'Remark about experience (experienceCommentaire).';
comment on column core.job_offer.salary_label is 'Salary as written (salaire.libelle).';
comment on column core.job_offer.salary_comment is 'Remark about the salary (salaire.commentaire).';
comment on column core.job_offer.salary_complement_1_label is 'First benefit (salaire.complement1).';
comment on column core.job_offer.salary_complement_2_label is 'Second benefit (salaire.complement2).';
comment on column core.job_offer.salary_complement_codes is 'Codes of all benefits (salaire.listeComplements[].code).';
comment on column core.job_offer.salary_complement_labels is
'Labels of all benefits (salaire.listeComplements[].libelle).';
comment on column core.job_offer.working_time_label is 'Working time as written (dureeTravailLibelle).';
comment on column core.job_offer.working_time_category_label is 'Full or part time (dureeTravailLibelleConverti).';
comment on column core.job_offer.working_time_comment is 'Remark about working time (complementExercice).';
comment on column core.job_offer.working_condition_comment is 'Remark about working conditions (conditionExercice).';
comment on column core.job_offer.working_condition_labels is 'Working conditions (contexteTravail.conditionsExercice).';
comment on column core.job_offer.travel_code is 'How often one travels, code (deplacementCode).';
comment on column core.job_offer.travel_label is 'How often one travels (deplacementLibelle).';
comment on column core.job_offer.qualification_code is 'Qualification, 1 to 9; 9 is cadre (qualificationCode).';
comment on column core.job_offer.qualification_label is 'Qualification (qualificationLibelle).';
comment on column core.job_offer.naf_code is 'Activity of the employer, NAF code (codeNAF).';
comment on column core.job_offer.sector_code is 'Activity of the employer, NAF division (secteurActivite).';
comment on column core.job_offer.sector_label is 'Activity of the employer (secteurActiviteLibelle).';
comment on column core.job_offer.soft_skill_labels is
'Personal qualities asked for (qualitesProfessionnelles[].libelle).';
comment on column core.job_offer.office_tool_labels is 'Office tools asked for (outilsBureautiques).';
comment on column core.job_offer.observed_at is 'Instant at which the source gave this state of the offer.';
comment on column core.job_offer.content_hash is
'XXH3-128 of the bytes of the offer as received: an offer with the same hash is not decoded again.';
comment on column core.job_offer.run_id is 'Run that wrote this state.';
