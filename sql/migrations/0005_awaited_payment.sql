-- The payments that settled pairs wait for: their refund is booked against them, and so far no row of the processor is one
-- of them, so there is nothing to say. A row that is, later, wakes the pair. Until here such pairs stayed open: a business
-- that books against numbers of its own looked at all its history every night.

-- One row per settled pair, by its leg, and payment that the leg is booked against and no row of its processor names.
create table awaited_payment (
  business_id uuid not null,
  leg_no      bigint not null,
  key         text collate "C" not null,
  primary key (business_id, leg_no, key)
);

-- Not by hash like refund ids: invoices are numbered alike in every business.
create index awaited_payment_of_key on awaited_payment (business_id, key);
