/** The tables once more in a schema of their own, each in partitions by business: a plan there shows whose rows it reads. */

import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Db } from '../../src/database/connect.ts'
import { SQL_FOLDER, statement } from '../../src/database/statement.ts'

const SCHEMA = 'spread'

/** `processor_row_3_of_8` is a partition of processor_row. */
export const tableOfPartition = (relation: string): string | null => /^(\w+)_\d+_of_\d+$/.exec(relation)?.[1] ?? null

/** Makes them, empty, with the views on them, and looks there first in this session. */
export async function spreadTables(db: Db, tables: readonly string[], partitions: number): Promise<void> {
  await db.query(`create schema ${SCHEMA}`)
  for (const table of tables) {
    const name = `${SCHEMA}.${table}`
    // Postgres has identity columns in partitioned tables from 17 on, and nothing here needs a number
    await db.query(
      `create table ${name} (like public.${table} including all excluding identity excluding statistics)
       partition by hash (business_id)`,
    )
    for (let part = 0; part < partitions; part += 1) {
      await db.query(
        `create table ${name}_${part}_of_${partitions} partition of ${name}
         for values with (modulus ${partitions}, remainder ${part})`,
      )
    }
  }
  await db.query(`set search_path = ${SCHEMA}, public`)
  const order = readFileSync(join(SQL_FOLDER, 'views/ORDER'), 'utf8').split('\n')
  for (const view of order.filter((name) => name !== '')) {
    await db.query(`create view ${SCHEMA}.${basename(view)} as\n${statement(`views/${view}`)}`)
  }
}
