-- A refund says itself where its content is kept, so that nobody looks contents up by refund: an index for it took 1.8 s of
-- the server's CPU a million contents, at random places. And a content is text: it has been read when it is kept, and as
-- json it was read once more, which took another 2.2 s.
alter table ledger_refund_version alter column raw type text using raw::text;
drop index ledger_refund_version_of_refund;

alter table ledger_refund add column content_pull_id bigint, add column content_place bigint;
update ledger_refund refund
set content_pull_id = version.pull_id, content_place = version.place
from ledger_refund_version version
where version.business_id = refund.business_id and version.direction = refund.direction
  and version.refund_id = refund.refund_id and version.content_hash = refund.content_hash;
alter table ledger_refund alter column content_pull_id set not null, alter column content_place set not null;
