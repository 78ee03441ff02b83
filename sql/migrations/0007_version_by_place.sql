-- Contents are kept in the order in which they come, by pull and place in the listing. The key by refund and content hash
-- was filled at random places: a million contents took 14 s of the server's CPU, and take 10 s so.
-- That one content of a refund is kept once the merge of a pull sees to.
alter table ledger_refund_version drop constraint ledger_refund_version_pkey;
-- where it stood in the listing, from 1; of versions from before this column any number
alter table ledger_refund_version add column place bigint;
update ledger_refund_version version set place = numbered.place
from (
  select business_id, direction, refund_id, content_hash,
    row_number() over (partition by business_id, pull_id order by refund_id, content_hash) as place
  from ledger_refund_version
) as numbered
where version.business_id = numbered.business_id and version.direction = numbered.direction
  and version.refund_id = numbered.refund_id and version.content_hash = numbered.content_hash;
alter table ledger_refund_version alter column place set not null;
alter table ledger_refund_version add primary key (business_id, pull_id, place);
create index ledger_refund_version_of_refund on ledger_refund_version using hash (refund_id);
