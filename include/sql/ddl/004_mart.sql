-- What reports and analysts read; its views come with the reports that need them.
create schema mart;
comment on schema mart is 'What reports and analysts read.';
