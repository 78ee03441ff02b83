import { leadersOfFees } from './fee-only.ts'
import { isRefund } from './keys.ts'
import { matchRulingsInForce } from './manual.ts'
import type { Leg, Row, Ruling, StoredMatch } from './types.ts'
import { Vetoes } from './veto.ts'

/** What people's rulings say of stored matches. */
export class RuledMatches {
  readonly #vetoes: Vetoes
  readonly #legByNo: ReadonlyMap<bigint, Leg>
  readonly #rowByNo: ReadonlyMap<bigint, Row>
  /** The manual matches that a ruling still asks for. */
  readonly #kept = new Set<StoredMatch>()
  /** Legs and rows that a ruling puts into another match than theirs. */
  readonly #claimedLegs = new Set<bigint>()
  readonly #claimedRows = new Set<bigint>()

  constructor(
    stored: readonly StoredMatch[],
    legByNo: ReadonlyMap<bigint, Leg>,
    rowByNo: ReadonlyMap<bigint, Row>,
    rulings: readonly Ruling[],
  ) {
    this.#vetoes = new Vetoes(rulings)
    this.#legByNo = legByNo
    this.#rowByNo = rowByNo
    const wanted = matchRulingsInForce(rulings).map(({ leg_nos, row_nos }) => ({
      leg_nos: leg_nos.filter((leg_no) => legByNo.has(leg_no)),
      row_nos: row_nos.filter((row_no) => rowByNo.has(row_no)),
    }))
    const manual = stored.filter(({ pass }) => pass === 'manual')
    const manualOfLeg = new Map(manual.flatMap((match) => match.leg_nos.map((leg_no) => [leg_no, match] as const)))
    const heldRows = new Set<bigint>()
    for (const { leg_nos, row_nos } of wanted) {
      const match = leg_nos[0] === undefined ? undefined : manualOfLeg.get(leg_nos[0])
      if (!match || row_nos.length === 0) continue
      if (!leg_nos.every((each) => match.leg_nos.includes(each))) continue
      if (!row_nos.every((each) => match.row_nos.includes(each))) continue
      this.#kept.add(match)
      // what only follows these rows may be claimed
      for (const row_no of row_nos) heldRows.add(row_no)
    }
    const isHeld = (leg_no: bigint): boolean => {
      const match = manualOfLeg.get(leg_no)
      return match !== undefined && this.#kept.has(match)
    }
    for (const { leg_nos, row_nos } of wanted) {
      const legs = leg_nos.filter((leg_no) => !isHeld(leg_no))
      const rows = row_nos.filter((row_no) => !heldRows.has(row_no))
      if (legs.length === 0 || rows.length === 0) continue
      for (const leg_no of legs) this.#claimedLegs.add(leg_no)
      for (const row_no of rows) this.#claimedRows.add(row_no)
    }
  }

  /**
   * A match is undone when a ruling puts one of its items into another match; a manual one also when no ruling asks for it
   * any more, any other when a ruling forbids a pair of it.
   */
  isUndone(match: StoredMatch): boolean {
    return (
      match.leg_nos.some((leg_no) => this.#claimedLegs.has(leg_no)) ||
      match.row_nos.some((row_no) => this.#claimedRows.has(row_no)) ||
      (match.pass === 'manual' ? !this.#kept.has(match) : this.#hasForbiddenPair(match))
    )
  }

  /** Reversals and fees are not asked where they follow a refund row of the match: no pass joined them with a leg. */
  #hasForbiddenPair({ leg_nos, row_nos }: StoredMatch): boolean {
    const ofLegs = leg_nos
      .flatMap((leg_no) => this.#legByNo.get(leg_no) ?? [])
      .flatMap((leg) => this.#vetoes.ofLeg(leg).rulings)
    if (ofLegs.length === 0) return false
    const forbidding = new Set(ofLegs)
    const rows = row_nos.flatMap((row_no) => this.#rowByNo.get(row_no) ?? [])
    const refunds = rows.filter(isRefund).map((row) => ({ row }))
    const leaderOf = leadersOfFees(refunds)
    const joined = refunds.filter((refund) => !leaderOf.has(refund))
    return joined.some(({ row }) => this.#vetoes.ofRow(row).rulings.some((ruling) => forbidding.has(ruling)))
  }
}
