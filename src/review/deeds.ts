/** What a person may decide of a finding (spec section 7), and the statuses that it leads from and to. */

/** As what a finding is resolved. */
export const RESOLUTIONS = ['corrected', 'waived', 'explained'] as const

export type Decision =
  | { action: 'acknowledge' | 'reopen' | 'comment' }
  | { action: 'resolve'; as: (typeof RESOLUTIONS)[number] }
  /** owner null: nobody; due_on: 'YYYY-MM-DD' or null */
  | { action: 'assign'; owner: string | null; due_on: string | null }

/** The state of a finding in which a decision is taken: what the person saw. */
export interface Taken {
  discrepancy_id: string
  /** over its code and effects (rowHash) */
  row_hash: string
  /** of the last event about it but for comments; 0: none */
  event_number: bigint
}

/** One decision about one finding. */
export interface Deed {
  decision: Decision
  note: string | null
  taken: Taken
}

/** The business whose findings they are, with its limits in minor units of its currency; null: no limit. */
export interface Limits {
  id: string
  currency: string
  waive_limit: bigint | null
  waive_limit_month: bigint | null
}

/** The statuses that each decision takes, and to which it leads; null: it stays. */
export const CHANGES = {
  acknowledge: { from: ['open'], to: 'acknowledged', kind: 'acknowledged' },
  resolve: { from: ['open', 'acknowledged'], to: 'resolved', kind: 'resolved' },
  reopen: { from: ['acknowledged', 'resolved'], to: 'open', kind: 'reopened' },
  assign: { from: ['open', 'acknowledged', 'resolved'], to: null, kind: 'assigned' },
  comment: { from: ['open', 'acknowledged', 'resolved', 'cleared'], to: null, kind: 'commented' },
} as const satisfies Record<Decision['action'], { from: readonly string[]; to: string | null; kind: string }>
