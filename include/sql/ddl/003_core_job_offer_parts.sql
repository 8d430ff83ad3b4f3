-- The lists that an offer holds, one row an element, written and deleted with their offer. No foreign key: the load
-- writes both sides in one transaction, and checking each row would cost more than writing it.
create table core.job_offer_skill (
    source text collate "C" not null,
    offer_id text collate "C" not null,
    position smallint not null,
    skill_code text,
    skill_label text not null,
    requirement_code text,
    primary key (source, offer_id, position)
);
comment on table core.job_offer_skill is 'One row per ROME skill that an offer asks for (competences).';
comment on column core.job_offer_skill.source is 'Where the offer comes from, as in core.job_offer.';
comment on column core.job_offer_skill.offer_id is 'Offer, as in core.job_offer.';
comment on column core.job_offer_skill.position is 'Place in the list of the source, from 0.';
comment on column core.job_offer_skill.skill_code is
'ROME code of the skill; null where the source gives a free label.';
comment on column core.job_offer_skill.skill_label is 'Skill.';
comment on column core.job_offer_skill.requirement_code is 'E: required; S: wished (exigence).';

create table core.job_offer_language (
    source text collate "C" not null,
    offer_id text collate "C" not null,
    position smallint not null,
    language_label text not null,
    requirement_code text,
    primary key (source, offer_id, position)
);
comment on table core.job_offer_language is 'One row per language that an offer asks for (langues).';
comment on column core.job_offer_language.source is 'Where the offer comes from, as in core.job_offer.';
comment on column core.job_offer_language.offer_id is 'Offer, as in core.job_offer.';
comment on column core.job_offer_language.position is 'Place in the list of the source, from 0.';
comment on column core.job_offer_language.language_label is 'Language, in French.';
comment on column core.job_offer_language.requirement_code is 'E: required; S: wished (exigence).';

create table core.job_offer_licence (
    source text collate "C" not null,
    offer_id text collate "C" not null,
    position smallint not null,
    licence_label text not null,
    requirement_code text,
    primary key (source, offer_id, position)
);
comment on table core.job_offer_licence is 'One row per driving licence that an offer asks for (permis).';
comment on column core.job_offer_licence.source is 'Where the offer comes from, as in core.job_offer.';
comment on column core.job_offer_licence.offer_id is 'Offer, as in core.job_offer.';
comment on column core.job_offer_licence.position is 'Place in the list of the source, from 0.';
comment on column core.job_offer_licence.licence_label is 'Licence with its category, such as B - Véhicule léger.';
comment on column core.job_offer_licence.requirement_code is 'E: required; S: wished (exigence).';

create table core.job_offer_education (
    source text collate "C" not null,
    offer_id text collate "C" not null,
    position smallint not null,
    level_label text,
    field_code text,
    field_label text,
    education_comment text,
    requirement_code text,
    primary key (source, offer_id, position)
);
comment on table core.job_offer_education is 'One row per education that an offer asks for (formations).';
comment on column core.job_offer_education.source is 'Where the offer comes from, as in core.job_offer.';
comment on column core.job_offer_education.offer_id is 'Offer, as in core.job_offer.';
comment on column core.job_offer_education.position is 'Place in the list of the source, from 0.';
comment on column core.job_offer_education.level_label is 'Level (niveauLibelle).';
comment on column core.job_offer_education.field_code is 'Field of study, Formacode (codeFormation).';
comment on column core.job_offer_education.field_label is 'Field of study (domaineLibelle).';
comment on column core.job_offer_education.education_comment is 'Remark (commentaire).';
comment on column core.job_offer_education.requirement_code is 'E: required; S: wished (exigence).';

create table core.job_offer_partner (
    source text collate "C" not null,
    offer_id text collate "C" not null,
    position smallint not null,
    partner_name text,
    partner_url text,
    primary key (source, offer_id, position)
);
comment on table core.job_offer_partner is
'One row per partner site that publishes an offer (origineOffre.partenaires).';
comment on column core.job_offer_partner.source is 'Where the offer comes from, as in core.job_offer.';
comment on column core.job_offer_partner.offer_id is 'Offer, as in core.job_offer.';
comment on column core.job_offer_partner.position is 'Place in the list of the source, from 0.';
comment on column core.job_offer_partner.partner_name is 'Partner site.';
comment on column core.job_offer_partner.partner_url is 'Address of the offer on the site of the partner.';
