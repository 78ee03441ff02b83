/**
 * The job of a night as a DuckDB script: both sides read, joined by refund id, matches and findings written.
 * node duckdb_refunds.mjs FOLDER LISTING REPORT OUT; FOLDER: in its node_modules lies @duckdb/node-api.
 */

import { createRequire } from 'node:module'
import { join } from 'node:path'

const [folder, listing, report, out] = process.argv.slice(2)
const { DuckDBInstance } = createRequire(join(folder, 'package.json'))('@duckdb/node-api')

const connection = await (await DuckDBInstance.create(':memory:')).connect()
await connection.run(`
  create table joined as
  with ledger as (
    select id as ledger_id, leg.id as leg_id, leg.external_id as refund_id, leg.processor as processor,
      leg.refunded_amount as booked, leg.fee as booked_fee, leg.completed_at as booked_at
    from (
      select id, unnest(payments) as leg
      from read_json('${listing}', format = 'newline_delimited', columns = {id: 'varchar', payments:
        'struct(id varchar, external_id varchar, processor varchar, refunded_amount bigint, fee bigint, completed_at varchar)[]'})
    )
  ),
  rows as (
    select balance_transaction_id as transaction_id, created_utc, source_id as refund_id,
      -(gross * 100)::bigint as paid, (fee * 100)::bigint as paid_fee
    from read_csv('${report}', types = {gross: 'decimal(18, 2)', fee: 'decimal(18, 2)'})
    where reporting_category = 'refund'
  )
  select *, case when transaction_id is null then 'MISSING_AT_PROCESSOR' when ledger_id is null then 'MISSING_IN_LEDGER'
      when booked <> paid or booked_fee <> paid_fee then 'AMOUNT_MISMATCH' end as code
  from ledger full join rows using (refund_id)`)
await connection.run(`
  copy (select ledger_id, leg_id, refund_id, transaction_id, booked, paid from joined
        where ledger_id is not null and transaction_id is not null) to '${join(out, 'matches.csv')}'`)
await connection.run(`copy (from joined where code is not null) to '${join(out, 'findings.csv')}'`)
const counted = await connection.runAndReadAll(`
  select count(*) filter (ledger_id is not null and transaction_id is not null) as matches,
    count(*) filter (code is not null) as findings
  from joined`)
const [[matches, findings]] = counted.getRows()
console.log(JSON.stringify({ matches: Number(matches), findings: Number(findings) }))
