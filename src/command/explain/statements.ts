/** The SQL that shows the figures: the statements of sql/explain/ and the checks, with literals in them, ready for psql. */

import { oneLine } from '../../core/visible.ts'
import { statement } from '../../database/statement.ts'
import { kindOfCheck } from '../../reconciliation/find.ts'
import type { FindingRow, LegDetail, RowDetail } from './items.ts'
import type { Stored } from './stored.ts'

export interface Shown {
  /** what it shows */
  title: string
  /** one statement, with its semicolon */
  text: string
}

type Value = string | bigint | readonly bigint[] | null

/** What a terminal would not show stands as psql reads it: E'\u202e'. */
const textLiteral = (text: string): string => {
  const quoted = text.replaceAll("'", "''")
  return oneLine(text) === text ? `'${quoted}'` : `E'${oneLine(quoted.replaceAll('\\', '\\\\'))}'`
}

/** Literals as psql and the server take them; the statements cast each parameter. */
const literal = (value: Value): string => {
  if (value === null) return 'null'
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return textLiteral(value)
  return `'{${value.join(',')}}'`
}

const filledIn = (name: string, values: readonly Value[], check: string | null): string => {
  const [text, put_in] = [statement(name), check === null ? '' : statement(`check/${check}`)]
  const body = text
    .split('\n')
    .filter((line) => !line.startsWith('--'))
    .join('\n')
    .replace(/\$(\d+)/g, (_, number) => literal(values[Number(number) - 1] ?? null))
    .replace('{check}', () => put_in.trimEnd())
  return `${body.trim()};`
}

/** Codes that a check of another name finds. */
export interface ToShow {
  business_id: string
  legs: readonly LegDetail[]
  rows: readonly RowDetail[]
  stored: Stored
  findings: readonly FindingRow[]
}

export function statementsFor({ business_id, legs, rows, stored, findings }: ToShow): Shown[] {
  const shown: Shown[] = []
  const show = (title: string, name: string, values: readonly Value[], check: string | null = null): void => {
    shown.push({ title, text: filledIn(name, [business_id, ...values], check) })
  }
  const counted = rows.filter(({ left_out }) => left_out === null)
  const others = rows.filter(({ left_out }) => left_out !== null)
  if (legs.length > 0) show('The legs', 'explain/show_legs', [legs.map(({ leg_no }) => leg_no)])
  if (counted.length > 0) show('The rows', 'explain/show_rows', [counted.map(({ row_no }) => row_no)])
  if (others.length > 0)
    show('Rows that are never matched', 'explain/show_other_rows', [others.map(({ row_no }) => row_no)])
  for (const { match_no } of stored.matches) {
    show('The totals of the match: ledger less processor', 'explain/show_match', [match_no])
    show('The match as the checks read it (nothing where it is balanced)', 'explain/show_judged', [match_no])
  }
  const open = [
    ...stored.open_legs.filter(({ state }) => state !== null).map(({ leg_no }) => leg_no),
    ...stored.open_rows.filter(({ state }) => state !== null).map(({ row_no }) => row_no),
  ]
  if (open.length > 0) show('Why it is open', 'explain/show_open', [open])
  for (const finding of findings) {
    const { code, discrepancy_id, leg_nos, row_nos, refund_id } = finding
    show(`${code} ${discrepancy_id} with its effects`, 'explain/show_effects', [discrepancy_id])
    if (finding.status === 'cleared') continue
    const check = code.toLowerCase()
    const title = `The check that finds ${code}`
    const kind = kindOfCheck(check)
    if (kind === 'item') {
      show(title, 'explain/check_items', [leg_nos, row_nos, refund_id], check)
    } else if (kind === 'month') {
      const { direction, processor, currency, month, measure } = finding
      show(title, 'explain/check_month', [direction, processor, currency, month, measure], check)
    } else {
      const match = stored.matches.find(
        (each) => leg_nos.every((no) => each.leg_nos.includes(no)) && row_nos.every((no) => each.row_nos.includes(no)),
      )
      if (match) show(title, 'explain/check_match', [match.match_no], check)
    }
  }
  return shown
}
