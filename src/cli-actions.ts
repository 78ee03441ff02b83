/** The actions of the commands by which persons decide, with their flags and their help; and the groups of the help. */

import { Command, type CommanderError, Option } from 'commander'
import type { Action } from '../jobs/corrections.ts'
import type { FeesAction } from '../jobs/fees.ts'
import type { FilesAction } from '../jobs/files.ts'
import type { QuarantineAction } from '../jobs/quarantine.ts'
import type { ReviewAction } from '../jobs/review.ts'

/** What ends a command of this name after help or a fault of usage. */
type Ending = (name: string) => (error: CommanderError) => never

/** Makes the actions of a command. Its flags may stand before the action or after it; `ids` as commander names arguments. */
const actionsOf =
  <Name extends string>(
    on: Command,
    ending: Ending,
    act: (name: Name, given: string[], flags: never) => Promise<void>,
  ) =>
  (name: Name, ids: string, description: string, example: string): Command =>
    on
      .command(`${name} ${ids}`.trim())
      .description(description)
      .addHelpText('after', `\nExample:\n  $ tieout ${on.name()} ${`${name} ${example}`.trim()}`)
      .exitOverride(ending(`${on.name()} ${name}`))
      .action(async (...given: unknown[]) => {
        const own = given.at(-1)
        if (own instanceof Command) await act(name, own.args, own.optsWithGlobals() as never)
      })

/** Who does it: in a person's name, else in that of the user who is logged in. */
export const withPerson = (on: Command, why = 'why'): Command =>
  on
    .addOption(new Option('--by <name>', 'who does it (default: the user logged in)').env('TIEOUT_USER'))
    .option('--note <text>', why)

const withTarget = (on: Command): Command => {
  for (const [name, description] of [
    ['invoice', 'the invoice that was refunded'],
    ['bill', 'or the bill'],
    ['bill-line-item', 'or its line item'],
    ['bill-payment', 'or its payment'],
  ]) {
    on.option(`--${name}-id <id>`, `${description}, by its id`)
    on.option(`--${name}-external-id <id>`, 'the same by its external id')
  }
  return on
}

const addCorrections = (corrections: Command, ending: Ending): void => {
  const correction = actionsOf<Action>(corrections, ending, async (...asked) =>
    (await import('../jobs/corrections.ts')).correct(...asked),
  )
  withTarget(
    correction(
      'propose',
      '[ids...]',
      'Proposes a refund for each one that is missing in the ledger, or for these.',
      '--by Ada',
    ).option('--by <name>', 'who proposes'),
  )
  correction('list', '', 'Lists all corrections.', '')
  correction('show', '<ids...>', 'Shows a correction, its request and its history.', '3fa9')
  withTarget(
    correction('approve', '<ids...>', 'Approves corrections: from then on they can be posted.', '3fa9 --by Ben')
      .option('--by <name>', 'who approves')
      .option('--note <text>', 'why')
      .option('--despite <reason>', 'why one is made that is known to come out otherwise in Layer'),
  )
  correction('reject', '<ids...>', 'Rejects corrections.', '3fa9 --by Ben --note "made by cheque"')
    .option('--by <name>', 'who rejects')
    .option('--note <text>', 'why')
  correction('post', '[ids...]', 'Creates approved refunds in Layer: all, or these.', '--dry-run')
    .option('--by <name>', 'who posts')
    .option('--dry-run', 'print the exact requests, and send nothing')
}

const addFiles = (files: Command, ending: Ending): void => {
  const file = actionsOf<FilesAction>(files, ending, async (...asked) =>
    (await import('../jobs/files.ts')).handleFiles(...asked),
  )
  file('list', '', 'Lists the files that were imported, withdrawn ones too.', '')
  withPerson(
    file('withdraw', '<files...>', 'Takes files back: only lines that other files have too still count.', '12'),
  )
  withPerson(file('cover', '<file> <from..to>', 'Says which dates a file covers.', '12 2026-10-01..2026-10-31'))
}

const addQuarantine = (quarantine: Command, ending: Ending): void => {
  const record = actionsOf<QuarantineAction>(quarantine, ending, async (...asked) =>
    (await import('../jobs/quarantine.ts')).handleQuarantine(...asked),
  )
  record('list', '', 'Lists the records that count.', '')
  record('show', '<ids...>', 'Shows records and their history.', '7')
  withPerson(record('accept', '<ids...>', 'Replaces stored lines by conflicting ones; keeps them as versions.', '7'))
  withPerson(record('dismiss', '<ids...>', 'Says that records do not matter, and why.', '7 --note "a total"'))
}

const addFees = (fees: Command, ending: Ending): void => {
  const action = actionsOf<FeesAction>(fees, ending, async (...asked) =>
    (await import('../jobs/fees.ts')).fees(...asked),
  )
  action('list', '', 'Lists the amounts that were typed in.', '')
  withPerson(
    action(
      'set',
      '<month> <amount>',
      "Takes an amount for a month's fees in the place of the fee lines of files; none takes it back.",
      '2026-10 123.45 --processor ADYEN --by Ada',
    ),
  )
    .requiredOption('--processor <name>', 'whose fees, under fees: month')
    .option('--account <name>', 'of which account, where there are several')
    .option('--currency <code>', "in which currency (default: the business's)")
}

/** The flags that choose findings. */
const withFilter = (on: Command, statuses: string): Command =>
  on
    .option('--code <codes>', 'of these codes, such as MISSING_IN_LEDGER')
    .option('--processor <names>', 'of these processors')
    .option('--month <month>', 'of this month, such as 2026-10')
    .option('--owner <name>', 'of this owner, or of nobody')
    .option('--age <days>', 'so many days old: 31..60, 90.., or a group such as 8-30 or "over 90"')
    .option('--amount <amounts>', 'of this size, whatever the sign: 12.50, 0..5, 100..')
    .option('--status <statuses>', `open, acknowledged, resolved, or all (default: ${statuses})`)

const addReview = (review: Command, ending: Ending): void => {
  const action = actionsOf<ReviewAction>(review, ending, async (...asked) =>
    (await import('../jobs/review.ts')).reviewFindings(...asked),
  )
  withFilter(
    action('list', '', 'Lists findings, and what they come to.', '--age 31.. --sort amount'),
    'open,acknowledged',
  ).option('--sort <order>', 'age, amount, due, owner or processor; else errors first, the oldest of each code first')
  action('show', '<ids...>', 'Shows findings: both sides, where they came from, and their history.', '3fa9')
  const decision = (name: ReviewAction, description: string, example: string): Command =>
    withFilter(withPerson(action(name, '[ids...]', description, example)), 'those it would change').option(
      '-y, --yes',
      'of a filter: decide without asking',
    )
  decision('acknowledge', 'Says that findings are seen, and worked on.', '3fa9 --by Ada')
  decision(
    'resolve',
    'Settles findings: they are corrected, waived or explained.',
    '3fa9 --as waived --note "2 cents"',
  ).option('--as <resolution>', 'corrected, waived or explained')
  decision('reopen', 'Opens findings again that were acknowledged or resolved.', '3fa9 --note "the bank answered"')
  decision('assign', 'Says who works on findings, and until when.', '3fa9 --to Ben --due 2026-12-01')
    .option('--to <name>', 'the owner, or nobody')
    .option('--due <date>', 'until when')
  decision('comment', 'Notes something about findings.', '3fa9 --note "asked the bank"')
  withPerson(
    action(
      'match',
      '<items...>',
      'Rules that a leg and a row, or several, are the same money.',
      'pay_1 txn_9 --by Ada',
    ),
  )
  withPerson(
    action('unmatch', '<items...>', 'Undoes a match, and forbids that these are matched again.', 'pay_1 --by Ada'),
  )
  action('rulings', '', 'Lists what persons ruled about matching.', '')
  withPerson(action('forget', '<rulings...>', 'Takes rulings back.', '3fa9 --by Ada'))
  action('verify', '', 'Recomputes the chain of all that happened, and names what was tampered with.', '').option(
    '--against <file>',
    'a JSON report or an exported close: also that nothing was changed or cut off since',
  )
  action(
    'import',
    '<file>',
    "Takes the decisions that were written into a saved workpaper's lines.",
    'october.xlsx --by Ada',
  )
    .addOption(new Option('--by <name>', 'who decided (default: the user logged in)').env('TIEOUT_USER'))
    .option('--dry-run', 'only say what would come of each line')
    .option('-y, --yes', 'decide without asking')
}

/** Gives these commands their actions. */
export const addActions = (
  on: Record<'corrections' | 'files' | 'quarantine' | 'fees' | 'review', Command>,
  ending: Ending,
): void => {
  addCorrections(on.corrections, ending)
  addFiles(on.files, ending)
  addQuarantine(on.quarantine, ending)
  addFees(on.fees, ending)
  addReview(on.review, ending)
}

/** The help lists the commands by what they are for, in this order; one that is named nowhere comes last. */
const GROUPS = {
  'Every day:': ['nightly', 'status', 'report', 'review', 'explain', 'desk', 'import', 'quarantine', 'files'],
  'Month end:': ['corrections', 'fees', 'close', 'reopen-month', 'verify'],
  'Set-up:': ['demo', 'init', 'doctor', 'sandbox', 'formats', 'schema', 'completion', 'backfill'],
  'Operate:': ['migrate', 'pull', 'reconcile', 'worker', 'erase'],
}
const ORDER = Object.values(GROUPS).flat()

/** Groups and orders the commands of the help. */
export const groupCommands = (program: Command): void => {
  const placeOf = (each: Command): number => [...ORDER, each.name()].indexOf(each.name())
  const commands = program.commands as Command[]
  for (const [group, names] of Object.entries(GROUPS))
    for (const each of commands) if (names.includes(each.name())) each.helpGroup(group)
  commands.sort((a, b) => placeOf(a) - placeOf(b))
}

/** A link for each person is printed, which signs in once. */
export const addDesk = (desk: Command): Command =>
  desk
    .option('--port <number>', 'where it listens; 0: any free port (default: desk.port of the configuration, 4020)')
    .action(async (flags) => await (await import('../jobs/desk.ts')).desk(flags))

export const addMigrate = (migrate: Command): Command =>
  migrate
    .option('--citus', 'spread the tables by business over the nodes of a Citus cluster, with what they hold')
    .option('--shards <number>', 'with --citus: into how many shards (default: one for each node)')
    .action(async (flags) => await (await import('../jobs/migrate.ts')).migrate(flags))
