-- What the bound on false closures speaks of: the offers that a sweep closes because two in a row miss them, without an
-- answer of the source.
alter table control.sweep add column unproved_count integer;
alter table control.sweep add column unanswered_count integer;
comment on column control.sweep.unproved_count is
'Offers that were closed, or wait, since two sweeps in a row miss them, without an answer of the source.';
comment on column control.sweep.unanswered_count is
'Of these, asked for one by one and never answered usably.';
comment on column control.sweep.false_closure_bound is
'With 95 % confidence no more than this part of unproved_count is alive; 0: there are none; null: none of their like was
asked for.';
comment on column control.sweep.closed_count is 'Offers that were closed with it, by answers and without.';
