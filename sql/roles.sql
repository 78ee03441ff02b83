-- The rights of the four kinds of users, in the schema that comes first in search_path. Run it as an administrator of the
-- database, before the first `tieout migrate` and after each one, as often as you like:
--
--   psql "$ADMIN_URL" -v ON_ERROR_STOP=1 -f sql/roles.sql
--   alter role tieout_owner login password '...';       -- and likewise each of the others that is used
--
-- tieout_owner   runs `tieout migrate`: owns the tables, and nothing else does
-- tieout_job     runs nights, pulls, imports, corrections: no DDL, but in the queue's own schema; adds to what is never changed
-- tieout_desk    decides as a person: adds decisions, and changes no figure
-- tieout_reader  reads figures and findings, not the refunds as received, which hold customers' details
--
-- The lists below name tables. A new table is read by all, and added to by the job; what else it needs stands here.
begin;

do $roles$
declare
  -- only added to, by anybody: the history, and what was signed
  append_only constant text[] := array['event', 'correction_event', 'close', 'close_items'];
  -- what a decision of a person writes
  decided constant text[] := array['correction', 'ruling', 'discrepancy', 'quarantine', 'run', 'fee_amount', 'touched_item'];
  -- what a decision leads to: the verdict of a month whose last error is resolved; a line that is accepted in another's place
  followed constant text[] := array['month_verdict', 'processor_row_version'];
  -- refunds as received
  personal constant text[] := array['ledger_page'];
  here constant text := current_schema();
  part record;
begin
  if here is null then
    raise exception 'no schema: create one and name it in search_path';
  end if;

  for part in select unnest(array['tieout_owner', 'tieout_job', 'tieout_desk', 'tieout_reader']) as role loop
    if not exists (select from pg_roles where rolname = part.role) then
      execute format('create role %I', part.role);
    end if;
    execute format('grant usage on schema %I to %I', here, part.role);
  end loop;
  execute format('revoke create on schema %I from public', here);
  execute format('grant create on schema %I to tieout_owner', here);
  execute format('grant temporary on database %I to tieout_job, tieout_owner', current_database());

  -- what was made before there were roles is the owner's
  for part in
    select c.oid::regclass as name, c.relkind from pg_class c
    where c.relnamespace = here::regnamespace and c.relkind in ('r', 'v', 'S')
      and pg_get_userbyid(c.relowner) <> 'tieout_owner'
      -- a sequence of an identity column goes with its table
      and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'i')
      and exists (select from pg_class mark where mark.relnamespace = c.relnamespace and mark.relname = 'schema_part')
  loop
    execute format('alter %s %s owner to tieout_owner',
      case part.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, part.name);
  end loop;
  for part in
    select p.oid::regprocedure as name from pg_proc p
    where p.pronamespace = here::regnamespace and p.proname in ('row_step', 'refuse_change', 'check_close', 'check_signature')
      and pg_get_userbyid(p.proowner) <> 'tieout_owner'
  loop
    execute format('alter function %s owner to tieout_owner', part.name);
  end loop;

  -- tables and views to come, of which migrate makes the views anew
  execute format('alter default privileges for role tieout_owner in schema %I
    grant select on tables to tieout_job, tieout_desk, tieout_reader', here);
  execute format('alter default privileges for role tieout_owner in schema %I grant insert on tables to tieout_job', here);
  execute format('alter default privileges for role tieout_owner in schema %I
    grant usage, select on sequences to tieout_job, tieout_desk', here);

  execute format('grant usage, select on all sequences in schema %I to tieout_job, tieout_desk', here);
  for part in
    select c.relname as name, c.relkind = 'r' and c.relname <> 'schema_part' as is_written from pg_class c
    where c.relnamespace = here::regnamespace and c.relkind in ('r', 'v')
  loop
    execute format('revoke all on %I.%I from public, tieout_job, tieout_desk, tieout_reader', here, part.name);
    execute format('grant select on %I.%I to tieout_job, tieout_desk, tieout_reader', here, part.name);
    if part.name = any (personal) then
      execute format('revoke select on %I.%I from tieout_reader', here, part.name);
    end if;
    if part.is_written then
      execute format('grant insert on %I.%I to tieout_job', here, part.name);
      if part.name = any (append_only) then
        execute format('grant insert on %I.%I to tieout_desk', here, part.name);
      else
        execute format('grant update, delete on %I.%I to tieout_job', here, part.name);
      end if;
      if part.name = any (decided) then
        execute format('grant insert, update on %I.%I to tieout_desk', here, part.name);
      end if;
      if part.name = any (followed) then
        execute format('grant %s on %I.%I to tieout_desk',
          case part.name when 'month_verdict' then 'insert, update, delete' else 'insert' end, here, part.name);
      end if;
      -- statistics after a bulk load; before Postgres 17 only the owner may gather them, and autovacuum does
      if current_setting('server_version_num')::integer >= 170000 then
        execute format('grant maintain on %I.%I to tieout_job', here, part.name);
      end if;
    end if;
  end loop;

  -- to lock a business's settings while it looks whether they changed; to store changed ones is the job's
  if to_regclass('business') is not null then
    grant update (settings_hash) on business to tieout_desk;
    -- what a line says, of one that is accepted in another's place: not which row it is
    grant update (type, category, refund_id, payment_ids, reference_ids, keys_written, amount, refund_fee, returned_fee, currency,
      presented_amount, presented_currency, occurred_at, occurred_on, available_on, payout_id, file_id, line, active, direction,
      reversal_of) on processor_row to tieout_desk;
  end if;

  -- the queue brings its own tables up to date, in a schema of its own; this table is as graphile-worker makes it
  if not exists (select from pg_namespace where nspname = 'graphile_worker') then
    create schema graphile_worker;
    create table graphile_worker.migrations (
      id       integer primary key,
      ts       timestamptz not null default now(),
      breaking boolean not null default false
    );
  end if;
  alter schema graphile_worker owner to tieout_job;
  for part in
    select c.oid::regclass as name, c.relkind from pg_class c
    where c.relnamespace = 'graphile_worker'::regnamespace and c.relkind in ('r', 'v', 'S')
      and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('i', 'a'))
  loop
    execute format('alter %s %s owner to tieout_job',
      case part.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, part.name);
  end loop;
  for part in select p.oid::regprocedure as name from pg_proc p where p.pronamespace = 'graphile_worker'::regnamespace loop
    execute format('alter function %s owner to tieout_job', part.name);
  end loop;
  for part in
    select t.oid::regtype as name from pg_type t
    where t.typnamespace = 'graphile_worker'::regnamespace and t.typtype = 'c'
      and exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c')
  loop
    execute format('alter type %s owner to tieout_job', part.name);
  end loop;
  grant usage on schema graphile_worker to tieout_desk, tieout_reader;
end
$roles$;

commit;
