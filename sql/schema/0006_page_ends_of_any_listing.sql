-- The end of each page is kept of listings of any length.

comment on column pull.page_ends is 'the SHA-256 of the bodies up to the end of each page, of the last pull only';
