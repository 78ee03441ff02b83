#!/usr/bin/env node

/** The commands, their flags and their help; nothing else. What a command runs is loaded when it is run. */

import { realpathSync } from 'node:fs'
import { Argument, Command, type CommanderError, Option } from 'commander'
import { addActions, addDesk, addMigrate, groupCommands, withPerson } from './cli-actions.ts'
import { documentText, EXITS, errorDocument, usageText } from './core/errors.ts'
import { VERSION } from './core/product.ts'

const EXIT_CODES = ['', 'Exit codes:', ...Object.entries(EXITS).map(([code, means]) => `  ${code}  ${means}`)].join(
  '\n',
)

/** Ends after help, the version, or a fault of usage, which it says: on stderr, and with --json as a document too. */
const ending =
  (name: string) =>
  ({ code, exitCode, message: said }: CommanderError): never => {
    if (exitCode === 0) process.exit(0)
    // where the command is missing, its help is written already
    const isMissing = code === 'commander.help'
    const [first = '', ...rest] = isMissing ? [`tieout ${name}: which command?`] : said.split('\n')
    const message = first.replace(/^error: /, '')
    const similar = /\(Did you mean (.*)\?\)/.exec(rest.join(' '))?.[1]
    const hint = similar === undefined ? null : `did you mean ${similar}?`
    const document = errorDocument({ code: 'USAGE', message, hint }, name)
    if (!isMissing) process.stderr.write(usageText(message, document.error.hint))
    if (process.argv.includes('--json')) process.stdout.write(documentText(document))
    process.exit(2)
  }

export const program: Command = new Command('tieout')
  .description('Proves, to the cent, that the refunds in the books are the refunds that the processors made.')
  .version(VERSION, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .addHelpCommand(
    new Command('help').argument('[command]').description('print the help of a command').helpGroup('Set-up:'),
  )
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({ outputError: () => undefined })
  .addHelpText('after', `${EXIT_CODES}\n\nStart with: tieout demo`)
  .exitOverride(ending(''))

const several = (value: string, before: readonly string[] = []): string[] => [...before, value]

/** The flags that several commands take; a command takes those that make a difference to it. */
const SHARED = {
  config: () => new Option('-c, --config <file>', 'the configuration').env('TIEOUT_CONFIG').default('tieout.yaml'),
  business: () =>
    new Option('--business <name>', 'only this business: name, id or part of one (repeatable)').argParser(several),
  'as-of': () =>
    new Option('--as-of <instant>', 'the instant that the run is of, such as 2026-11-03T06:00:00Z (default: now)'),
  from: () => new Option('--from <month>', 'the first month, such as 2026-10'),
  to: () => new Option('--to <month>', 'the last month'),
  month: () => new Option('--month <month>', 'only this month: short for --from and --to').conflicts(['from', 'to']),
  'exit-code': () => new Option('--exit-code', 'exit with 3 if errors are open'),
  json: () => new Option('--json', 'print one JSON document'),
} as const

type Shared = keyof typeof SHARED

const withFlags = (command: Command, flags: readonly Shared[]): Command => {
  for (const flag of flags) command.addOption(SHARED[flag]())
  return command
    .addOption(new Option('-q, --quiet', 'log errors only').conflicts('verbose'))
    .addOption(new Option('-v, --verbose', 'log what is being done'))
}

/** Beside its `flags` a command takes -q and -v, as all do. */
const command = (
  usage: string,
  description: string,
  example: string,
  flags: readonly Shared[] = ['config', 'business', 'json'],
): Command =>
  withFlags(program.command(usage).description(description), flags)
    .addHelpText('after', `\nExample:\n  $ ${example}`)
    .exitOverride(ending(usage.split(' ', 1)[0] ?? ''))

const RUN = ['config', 'business', 'as-of', 'json'] as const
const MONTHS = ['from', 'to', 'month'] as const

command('demo', 'Reconciles the October of a small business, made up and all on this machine.', 'tieout demo', ['json'])
  .option('--keep <folder>', 'the folder in which everything is made and stays', 'demo')
  .action(async (flags) => await (await import('../jobs/demo.ts')).demo(flags))
command('init', 'Writes a commented tieout.yaml to start from.', 'tieout init', ['config', 'json']).action(
  async (flags) => await (await import('../jobs/init.ts')).init(flags),
)
addMigrate(command('migrate', "Brings the database's schema up to date.", 'tieout migrate', ['config', 'json']))
command(
  'pull',
  'Pulls the refund listings of every business from Layer.',
  'tieout pull --business "Harbor Coffee"',
  RUN,
).action(async (flags) => await (await import('../jobs/pull.ts')).pull(flags))
command(
  'import [files...]',
  'Imports processor files; with no FILE, what lies in the inboxes. Each file is imported once.',
  'tieout import --processor STRIPE --covers 2026-10-01..2026-10-31 oct.csv',
  RUN,
)
  .option('--processor <name>', 'whose files they are; one of several accounts: NAME/ACCOUNT')
  .option('--format <name>', 'the format, if the header does not tell it (see `tieout formats`)')
  .option('--covers <from..to>', 'the dates that the files cover, if they do not say so themselves')
  .option('--strict', 'refuse a file of which a line would be quarantined')
  .addOption(
    new Option('--preview', 'print what a file becomes as JSON lines, and keep nothing').conflicts([
      'covers',
      'json',
      'strict',
    ]),
  )
  .addOption(
    new Option('--table', 'preview for people: counts and sums by type, dates, the first lines')
      .implies({ preview: true })
      .conflicts(['covers', 'json', 'strict']),
  )
  .addOption(
    new Option('--again', 'withdraw files that were imported before, and import them as is configured now').conflicts([
      'preview',
      'table',
    ]),
  )
  .addOption(new Option('--by <name>', 'with --again: who does it (default: the user logged in)').env('TIEOUT_USER'))
  .option('--note <text>', 'with --again: why')
  .action(async (files, flags) => await (await import('../jobs/import.ts')).importReports(files, flags))
command(
  'reconcile',
  'Matches what is stored, finds the discrepancies, ties the totals out.',
  'tieout reconcile --exit-code',
  [...RUN, 'exit-code'],
)
  .option('--full', 'match everything anew, and say how many matches changed')
  .action(async (flags) => await (await import('../jobs/reconcile.ts')).reconcile(flags))
command(
  'explain <id>',
  'Says why a leg, a row or a finding stands where it does: each pass in turn, and the SQL that shows the figures.',
  'tieout explain re_1Nq4',
).action(async (id: string, flags) => await (await import('../jobs/explain.ts')).explainItem(id, flags))
command(
  'report',
  'Writes what the last reconciliation found, to the terminal or to files.',
  'tieout report --format text,csv --month 2026-10 --output october',
  [...RUN, ...MONTHS, 'exit-code'],
)
  .option('--format <names>', 'text, json, csv, xlsx, html, or several of them (default: text)')
  .option('--output <path>', 'a folder, or with one format a file of its extension; without, the terminal')
  .option('--material', 'list only findings above materiality.item; totals stay whole')
  .option('--all', 'on a terminal the whole of the text, not only the ten largest findings')
  .action(async (flags) => await (await import('../jobs/report.ts')).report(flags))
command(
  'nightly',
  'Migrate, pull, import, reconcile, report: what cron runs.',
  'tieout nightly --config /etc/tieout/tieout.yaml',
  [...RUN, 'exit-code'],
)
  .option('--queue', 'only queue it, a job for each business, for `tieout worker` to do')
  .action(async (flags) => await (await import('../jobs/nightly.ts')).nightly(flags))
command(
  'worker',
  'Does what `nightly --queue` or its own schedule has queued, until it is told to stop. Run as many as needed.',
  'tieout worker --concurrency 4 --schedule "5 2 * * *"',
  ['config', 'json'],
)
  .option('--concurrency <number>', 'businesses at once', '2')
  .option('--schedule [cron]', 'queue the nights too, at these minutes and hours in UTC (default: "5 2 * * *")')
  .action(async (flags) => await (await import('../jobs/worker.ts')).worker(flags))
command(
  'backfill',
  'The same over history, month by month: pull, import, reconcile. Killed, it goes on where it was when run again.',
  'tieout backfill --from 2023-01 --to 2026-10',
  [...RUN, 'exit-code'],
)
  .addOption(SHARED.from().makeOptionMandatory())
  .addOption(SHARED.to().makeOptionMandatory())
  .action(async (flags) => await (await import('../jobs/backfill.ts')).backfill(flags))

const corrections = command(
  'corrections',
  'Refunds that the ledger misses: propose them, list, show, approve or reject them, post them to Layer.',
  'tieout corrections approve 3fa9 --by "Ada Brook"',
)
const files = command(
  'files',
  'The files that were imported: list them, withdraw them, say which dates they cover.',
  'tieout files withdraw inbox/october.csv --by Ada --note "of another shop"',
)
const quarantine = command(
  'quarantine',
  'Records in quarantine: list and show them, accept a line in conflict, dismiss what does not matter.',
  'tieout quarantine accept 7 --by Ada',
)
const fees = command(
  'fees',
  "What a processor's invoice says of a month's fees: type it in, list what was typed in.",
  'tieout fees set 2026-10 123.45 --processor ADYEN --by Ada',
)
const review = command(
  'review',
  'Findings: list and show them, decide about them, rule which legs and rows are the same money.',
  'tieout review resolve 3fa9 --as explained --note "paid by cheque" --by Ada',
)
addActions({ corrections, files, quarantine, fees, review }, ending)
const erase = command(
  'erase',
  "Takes a person's details out of the refunds as received; figures, hashes and history stay as they are.",
  'tieout erase --customer 3c90c3cc-0d44 --by Ada --note "asked to on 4 May"',
).requiredOption('--customer <id>', "the customer or vendor, by Layer's id or your own")
withPerson(erase).action(async (flags) => await (await import('../jobs/erase.ts')).erase(flags))

const close = command(
  'close <month>',
  'Signs a month and all open ones before it, shows what is signed, proves it, writes it to a file.',
  'tieout close 2026-10 --by "Ada Brook"',
  ['config', 'business', 'as-of', 'json'],
)
  .option('--review', 'review what another person prepared (four_eyes)')
  .option('--accept-open <reason>', 'close it though items to correct are open, or it is incomplete: why')
  .option('--verify', 'sign nothing: prove what was signed against what is stored')
  .option('--export <file>', 'write the signed month to a file; `tieout verify FILE` proves that by itself')
  .option('--dry-run', 'only show what would be signed')
  .option('-y, --yes', 'at a terminal: sign without asking')
withPerson(close).action(async (month: string, flags) => await (await import('../jobs/close.ts')).close(month, flags))
const reopen = command(
  'reopen-month <month>',
  'Opens the last closed month again, or takes a prepared close back; what was signed is kept.',
  'tieout reopen-month 2026-10 --by "Ada Brook" --note "a late invoice"',
)
withPerson(reopen, 'why').action(
  async (month: string, flags) => await (await import('../jobs/reopen-month.ts')).reopenMonth(month, flags),
)
command(
  'verify <file>',
  'Proves a month that `tieout close --export` wrote, by the file alone: without a database.',
  'tieout verify october.json',
  ['json'],
).action(async (file: string, flags) => await (await import('../jobs/verify.ts')).verify(file, flags))

command(
  'status',
  'Says what ran last, what is open, and when the next of it is due.',
  'tieout status --month 2026-10',
  ['config', 'business', ...MONTHS, 'json'],
)
  .addOption(new Option('--metrics', 'print OpenMetrics text, for a textfile collector').conflicts(['json']))
  .action(async (flags) => await (await import('../jobs/status.ts')).status(flags))
command('doctor', 'Says what is wrong with the set-up, and what to do about it.', 'tieout doctor --deep', RUN)
  .option('--deep', 'look at all that is stored too, whether it agrees with itself')
  .option('--send-test', 'send a test by each channel of notify')
  .action(async (flags) => await (await import('../jobs/doctor.ts')).doctor(flags))
command(
  'sandbox',
  "Serves a local Layer refunds API with the demo's books, on this machine only.",
  'tieout sandbox --port 4010',
  [],
)
  .option('--port <number>', 'where it listens; 0: any free port', '4010')
  .option('--token <text>', 'the bearer token it asks for', 'sandbox')
  .option('--seed <file>', "other books than the demo's, as JSON (see layer/seed.json of the demo)")
  .option('--persist <file>', 'keep the books in this file, and begin with it if it is there')
  .option('--mode <mode>', 'bare: plain arrays and objects; data: under "data", in pages with a cursor', 'bare')
  .option('--page-size <number>', 'refunds on a page of mode data', '100')
  .option('--client <id:secret>', 'client credentials that POST /oauth2/token takes')
  .option('--fault <fault>', 'rate-limit, server-error, slow, cut-off, expired-token, no-answer or lost-answer')
  .option('--fault-count <number>', 'how often each request meets the fault, or "always"', '2')
  .action(async (flags) => await (await import('../jobs/sandbox.ts')).sandbox(flags))
addDesk(command('desk', 'Serves the review desk in a browser.', 'tieout desk --port 4020', ['config', 'business']))
command('formats [name]', 'Lists the report formats known, or describes one.', 'tieout formats stripe-itemized', [
  'json',
]).action(
  async (name: string | undefined, flags) => await (await import('../jobs/formats.ts')).formats(flags, name ?? null),
)

command(
  'schema',
  'Prints the JSON Schema of tieout.yaml or of the JSON report.',
  'tieout schema config > tieout.schema.json',
  [],
)
  .addArgument(new Argument('<name>', 'what it describes').choices(['config', 'report']))
  .action(async (name, flags) => await (await import('../jobs/schema.ts')).schema(flags, name))
command(
  'completion',
  'Prints what makes a shell complete commands, flags and businesses.',
  'tieout completion bash > tieout.bash',
  ['config'],
)
  .addArgument(
    new Argument('<shell>', 'which shell; or the names of businesses').choices(['bash', 'zsh', 'fish', 'businesses']),
  )
  .action(async (shell, flags) => await (await import('../jobs/completion.ts')).completion(flags, shell, program))

groupCommands(program)

/** Whether this was started, by its name or by a link to it, or is only looked at. */
const isStarted = process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename
if (isStarted) await program.parseAsync()
