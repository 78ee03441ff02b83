/** Workers as processes of their own, and what the database says of their work. */

import type { Db } from '../../src/database/connect.ts'
import type { Built } from './built.ts'
import { type Ended, type Running, start } from './command.ts'

export interface Workers {
  /** those alive */
  readonly running: readonly Running[]
  /** those of them that have done a job already, the one that began first at the head */
  proven(): Running[]
  add(...words: string[]): Running
  /** one in place of one that has ended */
  again(ended: Running): Running
  /** SIGKILL */
  kill(worker: Running): Promise<Ended>
  /** SIGTERM for all; they have to end well */
  stop(): Promise<Ended[]>
  /** for afterEach: whatever is left is killed */
  close(): Promise<void>
}

export function openWorkers(built: Built, folder: string, environment: Record<string, string>): Workers {
  const running: Running[] = []
  const proven = new Set<Running>()
  const end = async (worker: Running, signal: NodeJS.Signals): Promise<Ended> => {
    running.splice(running.indexOf(worker), 1)
    worker.process.kill(signal)
    return await worker.ended
  }
  const own: Workers = {
    running,
    proven: () => running.filter((worker) => proven.has(worker)),
    again(ended) {
      running.splice(running.indexOf(ended), 1)
      return own.add()
    },
    add(...words) {
      const worker = start(built, folder, ['worker', ...words], environment)
      running.push(worker)
      // where it ends before, that is found where it matters
      worker.says('the night of this business is done').then(
        () => proven.add(worker),
        () => undefined,
      )
      return worker
    },
    kill: async (worker) => await end(worker, 'SIGKILL'),
    stop: async () => await Promise.all([...running].map((worker) => end(worker, 'SIGTERM'))),
    async close() {
      await Promise.all([...running].map((worker) => end(worker, 'SIGKILL')))
    },
  }
  return own
}

/** How many jobs the queue holds, dead ones included; before there is a queue, none. */
export async function jobsLeft(database: Db): Promise<number> {
  const [row] = await database.query<{ jobs: bigint }>('select count(*) as jobs from graphile_worker.jobs')
  return Number(row?.jobs ?? 0n)
}

export interface RunOfNight {
  business_id: string
  started_at: string
  finished_at: string | null
  outcome: 'done' | 'failed' | 'running'
  problem: string | null
}

/** All runs of a night, in their order. */
export const runsOf = (database: Db, as_of: string): Promise<RunOfNight[]> =>
  database.query(
    `select business_id, started_at, finished_at, outcome, problem from run
     where job = 'nightly' and as_of = $1 order by run_id`,
    [as_of],
  )

/**
 * What must be there once, however often the work was begun: refunds and their versions, files, lines, matches,
 * findings with their effects and history, the tie-out. Rows of each table, and a hash of what identifies them.
 */
export async function factsOf(database: Db): Promise<Record<string, string>> {
  const facts: Record<string, string> = {}
  const keys = {
    ledger_refund: 'direction, refund_id, refunded_amount',
    ledger_refund_version: 'direction, refund_id',
    ledger_page: 'page_no, refunds',
    ledger_leg: 'direction, refund_id, leg_id, amount',
    processor_file: 'processor, name, sha256',
    processor_row: 'processor, transaction_id, amount',
    match_leg: 'pass, (select leg_id from ledger_leg leg where leg.leg_no = line.leg_no)',
    match_row: 'pass, (select transaction_id from processor_row sold where sold.row_no = line.row_no)',
    discrepancy: 'discrepancy_id, code, status',
    discrepancy_effect: 'discrepancy_id, month, amount',
    // a run of its own begins with an event of its own, whatever it changes
    '(select * from event where subject is not null)': 'kind, subject, to_state',
    tie_out_line: 'direction, processor, month, measure',
    month_verdict: 'month, verdict, reasons::text',
    reconciliation: 'as_of',
  }
  for (const [table, columns] of Object.entries(keys)) {
    const [row] = await database.query<{ fact: string }>(
      `select concat_ws(' ', count(*), md5(string_agg(fact, ' ' order by fact))) as fact
       from (select concat_ws('|', business_id, ${columns}) as fact from ${table} line) as facts`,
    )
    facts[table] = row?.fact ?? ''
  }
  return facts
}
