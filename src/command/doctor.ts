/** Goes through a set-up, changes nothing in it, and says of each thing whether it is right, and if not what to do. */

import { isFault } from '../core/errors.ts'
import { PLACEHOLDER_ID } from '../core/product.ts'
import { oneLine } from '../core/visible.ts'
import { counted } from '../core/words.ts'
import { type Database, openDatabase } from '../database/connect.ts'
import { type Command, type Flags, type Result, readSetUp, systemClock } from '../job.ts'
import { createLayerClient } from '../ledger/layer-api/client.ts'
import {
  checkDatabase,
  checkFolder,
  checkHistory,
  checkInboxes,
  checkLayer,
  checkStored,
  type Finding,
  right,
  wrong,
} from './doctor-checks.ts'

/** One line each: 'ok     database: Postgres 18.1', 'WRONG  inbox of STRIPE: no file. Put ...'. */
const findingText = ({ subject, ok, found, advice }: Finding): string =>
  oneLine(`${ok ? 'ok   ' : 'WRONG'}  ${subject}: ${found}${advice === '' ? '' : `. ${advice}`}`)

/** So many things of one cause are named; the others are counted. */
const MOST_NAMED = 3

/** One cause is one line: what is found of several things in the same words, with the same cure. */
const byCause = (found: readonly Finding[]): Finding[] => {
  const causes = new Map<string, Finding[]>()
  for (const each of found) {
    const key = [each.ok, each.found, each.advice].join('\0')
    causes.set(key, [...(causes.get(key) ?? []), each])
  }
  return [...causes.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const named = [first, ...others].slice(0, MOST_NAMED).map(({ subject }) => subject)
    const more = others.length + 1 - named.length
    return [{ ...first, subject: more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ') }]
  })
}

export interface DoctorFlags extends Flags {
  /** whether what is stored agrees with itself, too */
  deep?: boolean
  /** send a test by each channel of notify */
  sendTest?: boolean
}

/** Goes through the whole set-up; what cannot be reached is a line of its own, and the rest is looked at all the same. */
export const examine = async (command: Command, { deep = false, sendTest = false }: DoctorFlags): Promise<Result> => {
  const { config, businesses, as_of } = readSetUp(command)
  const found = [
    right('configuration', config.path),
    checkFolder('data_dir', config.data_dir, 'data_dir'),
    checkFolder('reports', config.reports.dir, 'reports.dir'),
  ]
  for (const { key, says } of config.unset) {
    if (key.startsWith('notify.')) found.push(wrong(key, says, 'Set it where the job runs, or take the section out'))
  }
  const known = businesses.filter(({ id }) => id !== PLACEHOLDER_ID)
  for (const { name } of businesses.filter((business) => !known.includes(business)))
    found.push(
      wrong(`${name}: id`, 'is still the placeholder that `tieout init` wrote', "Put the business's id in Layer there"),
    )
  const guarded = async (subject: string, work: () => Promise<Finding[]>): Promise<void> => {
    command.progress.step(`looking at ${subject}`)
    try {
      found.push(...(await work()))
    } catch (error) {
      if (!isFault(error)) throw error
      found.push(wrong(subject, error.message, ''))
    }
  }
  let database: Database | null = null
  await guarded('database', async () => {
    database = await openDatabase({ url: config.database.url, data_dir: config.data_dir }, command.log)
    command.onEnd(database.close)
    const checked = await checkDatabase(database, config, command.now())
    if (!checked.is_ready) database = null
    return checked.found
  })
  await guarded('Layer', async () => {
    const client = createLayerClient(config.layer, {
      clock: systemClock,
      log: command.log,
      first_byte_ms: [10_000],
    })
    return await Promise.all(known.map((business) => checkLayer(client, business, config.layer.base_url)))
  })
  for (const business of businesses) {
    await guarded(business.name, async () => [
      ...(await checkInboxes(config, business)),
      ...(database === null ? [] : await checkHistory(database, business, as_of)),
    ])
  }
  const stored: Database | null = database
  if (deep) {
    await guarded('what is stored', async () =>
      stored === null
        ? [wrong('what is stored', 'not looked at, as the database is not ready', 'See to the database first')]
        : await checkStored(stored, businesses, (name) => command.progress.note(name)),
    )
  }
  if (sendTest) {
    const { sendTests } = await import('../notify/tell.ts')
    for (const { channel, problem } of await sendTests(config))
      found.push(
        problem === null
          ? right(`notify.${channel}`, 'a test was sent')
          : wrong(`notify.${channel}`, problem, 'Correct it in tieout.yaml'),
      )
  }
  const shown = byCause(found)
  const bad = shown.filter((finding) => !finding.ok).length
  const sum =
    bad === 0
      ? 'Nothing is wrong.'
      : `${counted(bad, 'thing is', 'things are')} wrong, of ${found.length} that were looked at.`
  return {
    text: [...shown.map(findingText), '', sum].join('\n'),
    document: { findings: shown },
    exit: bad === 0 ? 0 : 1,
  }
}
