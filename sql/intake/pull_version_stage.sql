-- Creates or empties the table of versions that cannot be copied to their place, since one of them is there already.
-- Grain: one row per version.
create temp table if not exists pull_version (
  business_id  uuid not null,
  direction    text collate "C" not null,
  refund_id    text collate "C" not null,
  content_hash text collate "C" not null,
  pull_id      bigint not null,
  raw          json not null
) on commit drop;
truncate pull_version
