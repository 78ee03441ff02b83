-- How far a listing is, page by page, that of the pull before it.

alter table pull add column page_ends text[] collate "C" not null default '{}';
comment on column pull.page_ends is 'the SHA-256 of the bodies up to the end of each page, of the last pull and a small listing only';
