-- Generated offers are told from real ones wherever they are read: the sandbox says so itself in each of its answers.
alter table control.ingestion_run add column is_generated boolean not null default false;
comment on column control.ingestion_run.is_generated is
'The source said in its answers that its offers are generated: those of the sandbox. They say nothing of the market.';
