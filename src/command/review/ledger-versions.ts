/** What the ledger said of a finding's refunds over time: each version, by what it changed of the one before. */

import type { Db } from '../../database/connect.ts'
import { type RowOf, run } from '../../database/statement.ts'
import { contentsOf } from '../../ledger/store/refund-content.ts'
import { momentText } from '../../review/history.ts'

type Version = RowOf<'review/versions'>

/** A sentence for each version of each refund. */
export const ledgerVersions = async (
  db: Db,
  business_id: string,
  finding: { direction: string; refund_id: string | null; legs: readonly { refund_id: string }[] },
): Promise<string[]> => {
  const { direction, refund_id, legs } = finding
  const refunds = [...new Set([...(refund_id === null ? [] : [refund_id]), ...legs.map((leg) => leg.refund_id)])]
  if (refunds.length === 0) return []
  const asked = [business_id, refunds.map(() => direction), refunds] as const
  const versions = await run<Version>(db, 'review/versions', asked)
  const contents = new Map<Version, unknown>()
  for await (const { refund, content } of contentsOf(db, business_id, versions))
    contents.set(refund, JSON.parse(content))
  return versions.flatMap((version, place) => {
    const before = versions[place - 1]
    const when = `Refund ${version.refund_id} as of ${momentText(version.as_of)}`
    if (before?.refund_id !== version.refund_id) return `${when}: as it first came`
    const changes = changesBetween(contents.get(before), contents.get(version))
    return changes.length === 0 ? [] : `${when}: ${changes.join('; ')}`
  })
}

/** Fields that hold no detail of a person: their values are shown, of all others only that they changed. */
const SHOWN = /(?:^|_)(?:id|amount|fee|status|completed_at|reference_number|method|processor|currency)$/

/** 'payments[0].refunded_amount 5000 -> 4000', of what differs; what may name a person by its name alone. */
const changesBetween = (before: unknown, after: unknown): string[] => {
  const [one, other] = [leavesOf(before), leavesOf(after)]
  const paths = [...new Set([...one.keys(), ...other.keys()])].filter((path) => one.get(path) !== other.get(path))
  const isShown = (path: string): boolean => SHOWN.test(lastOf(path)) && !/(?:^|\.)(?:customer|vendor)\b/.test(path)
  const shown = paths
    .filter(isShown)
    .map((path) => `${path} ${one.get(path) ?? 'absent'} -> ${other.get(path) ?? 'absent'}`)
  const unshown = new Set(paths.filter((path) => !isShown(path)).map((path) => path.replace(/[.[].*$/, '')))
  return [...shown, ...[...unshown].map((name) => `${name} changed`)]
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

/** Each value that is no object, as JSON text under its path. */
const leavesOf = (value: unknown, path = '', into: Map<string, string> = new Map()): Map<string, string> => {
  if (Array.isArray(value)) value.forEach((item, place) => void leavesOf(item, `${path}[${place}]`, into))
  else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) leavesOf(item, path === '' ? name : `${path}.${name}`, into)
  } else into.set(path, JSON.stringify(value))
  return into
}
