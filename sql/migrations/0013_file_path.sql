-- Where imported files lie, and in what state of the disk their bytes were read: one that has not been written to since need
-- not be read again. An inbox keeps its files, and every night read all of them, 0.6 s a gigabyte and more from a slow disk.

create table file_path (
  business_id uuid not null,
  processor   text collate "C" not null,
  account     text collate "C" not null,
  -- absolute
  path        text collate "C" not null,
  -- inode, size, and the nanoseconds of the last change of content and of anything
  state       text collate "C" not null,
  file_id     bigint not null,
  primary key (business_id, processor, account, path),
  foreign key (business_id, file_id) references processor_file (business_id, file_id)
);
