-- Pieces of report files of which every line is in processor_row as it says, or was known there. A file that has one again,
-- byte by byte, need not be read there: exports overlap, and a million lines that are nearly all known took 5 s to read.

create table report_piece (
  business_id uuid not null,
  -- made of the bytes, and of all that decides how they are read
  piece       text collate "C" not null,
  processor   text collate "C" not null,
  account     text collate "C" not null,
  file_id     bigint not null,
  -- physical lines
  first_line  bigint not null,
  lines       bigint not null,
  records     bigint not null,
  first_on    date,
  last_on     date,
  -- JSON; amounts in minor units, as texts
  categories  text not null,
  primary key (business_id, piece)
);
