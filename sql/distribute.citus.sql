-- Spreads the tables over the machines of a Citus cluster, by business: every row of a business lies on one of them.
-- Run once by hand, on the coordinator, after `tieout migrate` and instead of `migrate --partitions`, while no job runs:
--   psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -c 'create extension if not exists citus' -f sql/distribute.citus.sql
-- Tables may hold rows already. Referenced tables come first, so that each foreign key finds its other side colocated.
-- After a migration that made a table, run that table's line. Kysely's tables and the schema graphile_worker stay on the
-- coordinator. `tieout` connects to the coordinator only: through another node, item_no and the identity columns would
-- count in ranges of their own, and a run takes what is numbered above the last one's mark for new.
--
-- Not tried: there was no Citus server at hand. What follows was read in its documentation and source (14.0); what is
-- tested here is that every table stands below once, in this order, that its keys begin with business_id, and that each
-- statement is bound to one business in every table that it reads, which is what Citus asks of a statement for one node.
--   what Tieout does                                        needs of Citus
--   identity columns (pull, run, processor_file, ...)       11.2, bigint only, as they are
--   default nextval('item_no') in ledger_leg, processor_row a bigint sequence; numbered on the coordinator
--   working tables are temporary, so they are local:
--     insert into them from stored tables                   9.4 (rows come to the coordinator)
--     join them with stored tables, also to update or       10.0, citus.local_table_join_policy 'auto' as it is
--     delete (match/drop, discrepancy/*, intake/file_*)
--     update them from stored tables (discrepancy/describe) 10.0
--   insert ... select with on conflict, returning           8.1, by way of the coordinator
--   CTEs that write (match/keep_open, intake/file_merge)    7.3; those that write two tables are planned CTE by CTE
--   COPY                                                    into working tables, or into stored ones through the coordinator
--   advisory locks, pg_locks (run/last)                     are the coordinator's: all jobs connect there
--   set local work_mem ... (match, intake)                  citus.propagate_set_commands = 'local' to reach the nodes
--   select ... for update (intake/business_before)          of one business: allowed
-- To look at first, since Citus may refuse it: a function that is only stable, on a column, in an update or a delete
-- (to_char in tie_out/forget_months). report/businesses reads several businesses, joined by business_id: allowed.
-- Working tables on the coordinator mean that a run over everything carries its items there: Citus spreads storage, the
-- nights of many businesses and their reports; it does not make one business's run faster.

select create_distributed_table('business', 'business_id');

select create_distributed_table('processor_setting', 'business_id', colocate_with => 'business');
select create_distributed_table('processor_alias', 'business_id', colocate_with => 'business');
select create_distributed_table('run', 'business_id', colocate_with => 'business');
select create_distributed_table('pull', 'business_id', colocate_with => 'business');
select create_distributed_table('processor_file', 'business_id', colocate_with => 'business');
select create_distributed_table('file_path', 'business_id', colocate_with => 'business');
select create_distributed_table('quarantine', 'business_id', colocate_with => 'business');

select create_distributed_table('ledger_refund', 'business_id', colocate_with => 'business');
select create_distributed_table('ledger_refund_version', 'business_id', colocate_with => 'business');
select create_distributed_table('ledger_leg', 'business_id', colocate_with => 'business');
select create_distributed_table('processor_row', 'business_id', colocate_with => 'business');
select create_distributed_table('report_piece', 'business_id', colocate_with => 'business');
select create_distributed_table('payment_key', 'business_id', colocate_with => 'business');
select create_distributed_table('refund_key', 'business_id', colocate_with => 'business');
select create_distributed_table('awaited_payment', 'business_id', colocate_with => 'business');

select create_distributed_table('match_item', 'business_id', colocate_with => 'business');
select create_distributed_table('settled_match', 'business_id', colocate_with => 'business');
select create_distributed_table('settled_key', 'business_id', colocate_with => 'business');
select create_distributed_table('open_item', 'business_id', colocate_with => 'business');
select create_distributed_table('touched_leg', 'business_id', colocate_with => 'business');
select create_distributed_table('settled_total', 'business_id', colocate_with => 'business');

select create_distributed_table('discrepancy', 'business_id', colocate_with => 'business');
select create_distributed_table('discrepancy_leg', 'business_id', colocate_with => 'business');
select create_distributed_table('discrepancy_row', 'business_id', colocate_with => 'business');
select create_distributed_table('discrepancy_effect', 'business_id', colocate_with => 'business');
select create_distributed_table('discrepancy_event', 'business_id', colocate_with => 'business');

select create_distributed_table('reconciliation', 'business_id', colocate_with => 'business');
select create_distributed_table('tie_out_line', 'business_id', colocate_with => 'business');
select create_distributed_table('match_total', 'business_id', colocate_with => 'business');
select create_distributed_table('outside_total', 'business_id', colocate_with => 'business');
select create_distributed_table('coverage_span', 'business_id', colocate_with => 'business');
select create_distributed_table('month_verdict', 'business_id', colocate_with => 'business');

select create_distributed_table('correction', 'business_id', colocate_with => 'business');
select create_distributed_table('correction_event', 'business_id', colocate_with => 'business');
