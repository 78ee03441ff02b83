-- What the last run matched by is kept: where all of it is the same, what is matched is too.

alter table reconciliation add column matched_by text not null default '';
comment on column reconciliation.matched_by is 'a hash of what the last run matched by beside legs and rows: settings, files, rulings, version';
