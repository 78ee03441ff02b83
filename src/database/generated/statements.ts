/** What each statement of sql/ takes and gives, as Postgres describes it. Generated: `npm run generate` renews it. */

/** A row is null where the statement gives none. A column may be null unless Postgres says that it never is. */
export interface Statements {
  'business/redate_ledger': {
    params: [business_id: string | null, time_zone: string | null, ledger_dates: string | null]
    row: {
      redated: bigint | null
    }
  }
  'business/redate_rows': {
    params: [business_id: string | null, time_zone: string | null]
    row: {
      redated: bigint | null
    }
  }
  'business/settings_before': {
    params: [business_id: string | null]
    row: {
      settings_hash: string | null
      currency: string
      time_zone: string
      ledger_dates: string
      has_records: boolean | null
    }
  }
  'business/store_business': {
    params: [business_id: string | null, settings: string | null, settings_hash: string | null]
    row: null
  }
  'business/store_processors': {
    params: [business_id: string | null, settings: string | null]
    row: null
  }
  'business/store_rates': {
    params: [business_id: string | null, $2: readonly (string | null)[] | null, $3: readonly (string | null)[] | null, $4: readonly (string | null)[] | null, $5: readonly (bigint | string | null)[] | null, $6: readonly (bigint | string | null)[] | null]
    row: null
  }
  'check/allocation_imbalance': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      refund_id: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
      due_on: string | null
    }
  }
  'check/allocation_target_mismatch': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      match_no: bigint | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
    }
  }
  'check/ambiguous_match': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      refund_id: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
      due_on: string | null
    }
  }
  'check/amount_mismatch': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      match_no: bigint | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
    }
  }
  'check/awaiting_ledger': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      refund_id: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
      due_on: string | null
    }
  }
  'check/awaiting_processor': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      refund_id: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
      due_on: string | null
    }
  }
  'check/changed_after_close': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      processor: string | null
      currency: string | null
      month: string | null
      measure: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      differs: unknown | null
      refund_fee: bigint | null
      returned_fee: bigint | null
    }
  }
  'check/currency_converted': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      match_no: bigint | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
    }
  }
  'check/currency_mismatch': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      match_no: bigint | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
    }
  }
  'check/cutoff_mismatch': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      match_no: bigint | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
    }
  }
  'check/duplicate_in_ledger': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      refund_id: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
      due_on: string | null
    }
  }
  'check/fee_total_mismatch': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      processor: string | null
      currency: string | null
      month: string | null
      measure: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      differs: unknown | null
      refund_fee: bigint | null
      returned_fee: bigint | null
    }
  }
  'check/fees_not_compared': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      processor: string | null
      currency: string | null
      month: string | null
      measure: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      differs: unknown | null
      refund_fee: bigint | null
      returned_fee: bigint | null
    }
  }
  'check/ledger_refund_removed': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      refund_id: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
      due_on: string | null
    }
  }
  'check/line_item_imbalance': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      refund_id: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
      due_on: string | null
    }
  }
  'check/missing_at_processor': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      refund_id: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
      due_on: string | null
    }
  }
  'check/missing_in_ledger': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      refund_id: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
      due_on: string | null
    }
  }
  'check/over_refund': {
    params: []
    row: {
      business_id: string
      code: string | null
      direction: string
      refund_id: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[]
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
      due_on: string | null
    }
  }
  'check/payment_imbalance': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      refund_id: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
      due_on: string | null
    }
  }
  'check/processor_mismatch': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      match_no: bigint | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
    }
  }
  'check/refund_failed': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      match_no: bigint | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
    }
  }
  'check/refund_fee_mismatch': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      match_no: bigint | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
    }
  }
  'check/returned_fee_mismatch': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      match_no: bigint | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
    }
  }
  'check/within_tolerance': {
    params: []
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      match_no: bigint | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
    }
  }
  'close/add': {
    params: [$1: string | null, $2: string | null, $3: number | null, $4: string | null, $5: string | null, $6: boolean | null, $7: string | null, $8: string | null, $9: string | null, $10: string | null, $11: string | null, $12: string | null, $13: string | null, $14: string | null, $15: string | null, $16: string | null, $17: bigint | number | null, $18: string | null, $19: string | null]
    row: null
  }
  'close/carried': {
    params: [business_id: string | null, month: string | null]
    row: {
      discrepancy_id: string
      direction: string
      processor: string
      currency: string
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
    }
  }
  'close/changed_after': {
    params: [$1: string | null, $2: string | null]
    row: {
      discrepancy_id: string
      status: string
    }
  }
  'close/findings': {
    params: [business_id: string | null, month: string | null]
    row: {
      id: string | null
      code: string | null
      status: string | null
      late: boolean | null
      direction: string | null
      processor: string | null
      currency: string | null
      refund_id: string | null
      dated_on: string | null
      due_on: string | null
      legs: string[] | null
      rows: string[] | null
      effects: unknown | null
      as: string | null
      by: string | null
      at: string | null
      note: string | null
    }
  }
  'close/hashes': {
    params: [$1: string | null]
    row: {
      month: string
      edition: number
      sha256: string
    }
  }
  'close/keep_items': {
    params: [$1: string | null, $2: string | null, $3: number | null]
    row: null
  }
  'close/list': {
    params: [business_id: string | null, from_month: string | null, to_month: string | null]
    row: {
      business_id: string | null
      month: string | null
      state: string | null
      prepared_by: string | null
      prepared_at: string | null
      reviewed_by: string | null
      closed_at: string | null
      accept_open: string | null
      sha256: string | null
      event_number: bigint | null
      event_hash: string | null
    }
  }
  'close/months': {
    params: [business_id: string | null]
    row: {
      month: string | null
      verdict: string | null
      reasons: unknown | null
      is_over: boolean | null
      as_of: string | null
      today: string | null
      time_zone: string | null
      is_unexplained: boolean | null
      edition: number | null
      state: string | null
      prepared_by: string | null
      prepared_at: string | null
      reviewed_by: string | null
      closed_at: string | null
      sha256: string | null
    }
  }
  'close/next_edition': {
    params: [$1: string | null, $2: string | null]
    row: {
      edition: number | null
      name: string
      currency: string
      time_zone: string
      four_eyes: boolean
    }
  }
  'close/not_late': {
    params: [$1: string | null]
    row: null
  }
  'close/roll_forward': {
    params: [business_id: string | null, from_month: string | null, to_month: string | null]
    row: {
      business_id: string | null
      direction: string | null
      processor: string | null
      currency: string | null
      month: string | null
      measure: string | null
      opening: bigint | null
      new: bigint | null
      cleared: bigint | null
      resolved: bigint | null
      changed: bigint | null
      closing: bigint | null
    }
  }
  'close/signing_event': {
    params: [$1: string | null, $2: string | null]
    row: {
      event_number: bigint
      at: string
      actor: string
      kind: string
      subject: string | null
      from_state: string | null
      to_state: string | null
      note: string | null
      details: string | null
      previous_hash: string
      hash: string
    }
  }
  'close/sources': {
    params: [business_id: string | null, $2: string | null]
    row: {
      kind: string | null
      id: bigint | null
      name: string | null
      processor: string | null
      account: string | null
      format: string | null
      sha256: string | null
      as_of: string | null
      covers_from: string | null
      covers_to: string | null
      records: bigint | null
    }
  }
  'close/stored': {
    params: [business_id: string | null, month: string | null]
    row: {
      month: string | null
      edition: number | null
      prepared_by: string | null
      prepared_at: string | null
      four_eyes: boolean | null
      accept_open: string | null
      as_of: string | null
      business: unknown | null
      verdict: string | null
      reasons: unknown | null
      tie_out: unknown | null
      roll_forward: unknown | null
      carried: unknown | null
      findings: unknown | null
      sources: unknown | null
      event_number: bigint | null
      event_hash: string | null
      sha256: string | null
      state: string | null
      reviewed_by: string | null
      closed_at: string | null
      signed_number: bigint | null
      signed_hash: string | null
    }
  }
  'close/unsettled': {
    params: [business_id: string | null]
    row: {
      is_reconciled: boolean | null
      is_unsettled: boolean | null
    }
  }
  'correction/all': {
    params: [business_id: string | null]
    row: {
      correction_id: string
      row_no: bigint
      discrepancy_id: string
      direction: string
      status: string
      external_id: string
      amount: bigint
      refund_fee: bigint
      returned_fee: bigint
      currency: string
      processor: string
      method: string
      completed_at: string
      target: unknown | null
      target_source: string | null
      expected_amount: bigint | null
      request_path: string | null
      request_body: string | null
      request_sha256: string | null
      layer_refund_id: string | null
      outcome: string | null
      proposed_by: string
      approved_by: string | null
      refund_id: string | null
      transaction_id: string
      occurred_on: string
      discrepancy_status: string
    }
  }
  'correction/candidates': {
    params: [business_id: string | null]
    row: {
      correction_id: string | null
      discrepancy_id: string | null
      direction: string | null
      row_no: bigint | null
      type: string | null
      processor: string | null
      transaction_id: string | null
      refund_id: string | null
      payment_ids: string[] | null
      reference_ids: string[] | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
      currency: string | null
      occurred_at: string | null
      occurred_on: string | null
      ledger_currency: string | null
      time_zone: string | null
      is_reversed: boolean | null
      shares_refund_id: boolean | null
      may_be_cut: boolean | null
    }
  }
  'correction/change': {
    params: [business_id: string | null, correction_id: string | null, from_status: string | null, status: string | null, discrepancy_id: string | null, target: string | null, target_source: string | null, expected_amount: bigint | number | null, request_path: string | null, request_body: string | null, request_sha256: string | null, layer_refund_id: string | null, outcome: string | null, proposed_by: string | null, approved_by: string | null, actor: string | null, happened_at: string | null, note: string | null]
    row: null
  }
  'correction/external_ids_taken': {
    params: [business_id: string | null, direction: string | null, external_ids: readonly (string | null)[] | null]
    row: {
      external_id: string | null
      refund_id: string
    }
  }
  'correction/methods': {
    params: [$1: string | null]
    row: {
      direction: string | null
      processor: string | null
      method: string | null
    }
  }
  'correction/naming_refunds': {
    params: [business_id: string | null, direction: string | null, keys: readonly (string | null)[] | null]
    row: {
      refund_id: string
      is_standing: boolean | null
      content_pull_id: bigint
      content_page: number
      content_place: number
    }
  }
  'correction/payments': {
    params: [$1: string | null, $2: readonly (string | null)[] | null]
    row: {
      processor: string | null
      key: string | null
      amount: bigint
    }
  }
  'correction/propose': {
    params: [business_id: string | null, correction_id: string | null, row_no: bigint | number | null, discrepancy_id: string | null, direction: string | null, status: string | null, external_id: string | null, amount: bigint | number | null, refund_fee: bigint | number | null, returned_fee: bigint | number | null, currency: string | null, processor: string | null, method: string | null, completed_at: string | null, target: string | null, target_source: string | null, expected_amount: bigint | number | null, outcome: string | null, actor: string | null, happened_at: string | null]
    row: null
  }
  'desk/businesses': {
    params: [business_ids: readonly (string | null)[] | null, words: string | null, after_name: string | null, after_id: string | null, $5: bigint | number | null]
    row: {
      business_id: string | null
      name: string | null
      folded: string | null
      currency: string | null
      as_of: string | null
      month: string | null
      verdict: string | null
      net: bigint | null
      gross: bigint | null
      errors: bigint | null
      timing: bigint | null
      oldest_on: string | null
      signed_by: string[] | null
    }
  }
  'desk/causes': {
    params: [business_id: string | null, month: string | null]
    row: {
      direction: string | null
      currency: string | null
      code: string | null
      amount: bigint | null
      gross: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
      resolved: bigint | null
    }
  }
  'desk/quarantine': {
    params: [$1: string | null, $2: bigint | number | null, $3: bigint | number | null]
    row: {
      quarantine_id: bigint | null
    }
  }
  'desk/refunds': {
    params: [business_id: string | null, direction: string | null, processor: string | null, $4: string | null, side: string | null, after_on: string | null, after_no: bigint | number | null, $8: bigint | number | null]
    row: {
      item_no: bigint | null
      id: string | null
      refund_id: string | null
      currency: string | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
      on_date: string | null
      handle: string | null
      pass: string | null
      state: string | null
    }
  }
  'desk/roll_forward': {
    params: [business_id: string | null, month: string | null, step: string | null, direction: string | null, processor: string | null, currency: string | null, after_size: bigint | string | null, after_id: string | null, $9: bigint | number | null]
    row: {
      discrepancy_id: string | null
      size: bigint | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
      findings: bigint | null
    }
  }
  'desk/roll_forward_signed': {
    params: [business_id: string | null, month: string | null, step: string | null, direction: string | null, processor: string | null, currency: string | null, after_size: bigint | string | null, after_id: string | null, $9: bigint | number | null]
    row: {
      discrepancy_id: string | null
      size: bigint | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
      findings: bigint | null
    }
  }
  'desk/since': {
    params: [business_id: string | null]
    row: {
      before_at: string | null
      new: bigint | null
      cleared: bigint | null
      decided: bigint | null
    }
  }
  'desk/worklist': {
    params: [business_id: string | null, month: string | null, codes: readonly (string | null)[] | null, statuses: readonly (string | null)[] | null, processors: readonly (string | null)[] | null, owner: string | null, dated_from: string | null, dated_to: string | null, words: string | null, $10: string | null, only_new: boolean | null, after_size: bigint | string | null, after_id: string | null, $14: bigint | number | null, $15: boolean | null]
    row: {
      totals: unknown | null
      discrepancy_id: string | null
      size: bigint | null
      code: string | null
      direction: string | null
      processor: string | null
      status: string | null
      figure: bigint | null
      figure_currency: string | null
      dated_on: string | null
      due_on: string | null
      late: boolean | null
      refund_id: string | null
      owner: string | null
      owner_due_on: string | null
      is_new: boolean | null
      leg_refund_id: string | null
      leg_external_id: string | null
      ledger_references: string[] | null
      payment_keys: string[] | null
      transaction_id: string | null
      processor_references: string[] | null
    }
  }
  'event/append': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (string | null)[] | null, $4: readonly (string | null)[] | null, $5: readonly (string | null)[] | null, $6: readonly (string | null)[] | null, $7: readonly (string | null)[] | null, $8: readonly (string | null)[] | null, $9: readonly (string | null)[] | null, $10: readonly (string | null)[] | null, $11: readonly (string | null)[] | null, $12: readonly (string | null)[] | null]
    row: null
  }
  'event/chain': {
    params: [$1: string | null]
    row: {
      event_number: bigint
      at: string
      actor: string
      kind: string
      subject: string | null
      from_state: string | null
      to_state: string | null
      note: string | null
      details: string | null
      previous_hash: string
      hash: string
    }
  }
  'event/last': {
    params: [$1: string | null]
    row: {
      event_number: bigint
      hash: string
    }
  }
  'event/of_subject': {
    params: [$1: string | null, $2: string | null]
    row: {
      event_number: bigint
      at: string
      actor: string
      kind: string
      from_state: string | null
      to_state: string | null
      note: string | null
    }
  }
  'explain/business': {
    params: [$1: string | null]
    row: {
      business_id: string | null
      name: string | null
      currency: string | null
      time_zone: string | null
      starts_on: string | null
      materiality_item: bigint | null
      materiality_month: bigint | null
      processors: string[] | null
      reconciled_as_of: string | null
      item_mark: bigint | null
    }
  }
  'explain/check_items': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null, $4: string | null]
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      refund_id: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
      due_on: string | null
    }
  }
  'explain/check_match': {
    params: [$1: string | null, $2: bigint | number | null]
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      match_no: bigint | null
      carries_amount: boolean | null
      carries_refund_fee: boolean | null
      carries_returned_fee: boolean | null
    }
  }
  'explain/check_month': {
    params: [$1: string | null, $2: string | null, $3: string | null, $4: string | null, $5: string | null, $6: string | null]
    row: {
      business_id: string | null
      code: string | null
      direction: string | null
      processor: string | null
      currency: string | null
      month: string | null
      measure: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
      differs: unknown | null
      refund_fee: bigint | null
      returned_fee: bigint | null
    }
  }
  'explain/findings': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null, $4: readonly (string | null)[] | null, $5: bigint | number | null]
    row: {
      business_id: string | null
      discrepancy_id: string | null
      code: string | null
      direction: string | null
      processor: string | null
      currency: string | null
      refund_id: string | null
      month: string | null
      measure: string | null
      status: string | null
      dated_on: string | null
      due_on: string | null
      first_seen_at: string | null
      last_seen_at: string | null
      late: boolean | null
      differs: unknown | null
      of_code: bigint | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
    }
  }
  'explain/keys': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null]
    row: {
      keys: string[] | null
      refund_ids: string[] | null
      amounts: bigint[] | null
      first_on: string | null
      last_on: string | null
    }
  }
  'explain/legs': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null]
    row: {
      leg_no: bigint | null
      direction: string | null
      refund_id: string | null
      leg_id: string | null
      external_id: string | null
      refund_external_id: string | null
      processor: string | null
      method: string | null
      currency: string | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
      completed_at: string | null
      on_date: string | null
      identity_keys: string[] | null
      reference_keys: string[] | null
      payment_keys: string[] | null
      status: string | null
      pulled_at: string | null
      left_out: string | null
      match_no: bigint | null
      pass: string | null
      state: string | null
      island_no: bigint | null
      is_new: boolean | null
      is_changed: boolean | null
    }
  }
  'explain/match_made': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null]
    row: {
      run_id: bigint | null
      job: string | null
      not_before: string | null
      not_after: string | null
    }
  }
  'explain/named': {
    params: [$1: string | null, $2: string | null, $3: string | null, $4: readonly (string | null)[] | null, $5: readonly (string | null)[] | null, $6: bigint | number | null]
    row: {
      kind: string | null
      item_no: bigint | null
      discrepancy_id: string | null
      rank: number | null
    }
  }
  'explain/neighbours': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null, $4: readonly (string | null)[] | null, $5: readonly (string | null)[] | null, $6: readonly (bigint | number | null)[] | null, $7: string | null, $8: string | null, $9: boolean | null, $10: bigint | number | null]
    row: {
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
    }
  }
  'explain/rows': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null]
    row: {
      row_no: bigint | null
      direction: string | null
      processor: string | null
      account: string | null
      transaction_id: string | null
      type: string | null
      refund_id: string | null
      payment_ids: string[] | null
      reference_ids: string[] | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
      currency: string | null
      occurred_at: string | null
      on_date: string | null
      payout_id: string | null
      file: string | null
      line: bigint | null
      reverses: string | null
      left_out: string | null
      match_no: bigint | null
      pass: string | null
      state: string | null
      island_no: bigint | null
      is_new: boolean | null
      is_changed: boolean | null
    }
  }
  'explain/rulings': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null]
    row: {
      ruling_id: string
      kind: string
      leg_nos: bigint[]
      row_nos: bigint[]
      by_name: string
      at: string
      note: string | null
    }
  }
  'explain/show_effects': {
    params: [$1: string | null, $2: string | null]
    row: {
      code: string | null
      status: string | null
      first_seen_at: string | null
      month: string | null
      processor: string | null
      currency: string | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
    }
  }
  'explain/show_judged': {
    params: [$1: string | null, $2: bigint | number | null]
    row: {
      business_id: string | null
      match_no: bigint | null
      pass: string | null
      direction: string | null
      processor: string | null
      leg_amount: bigint | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
      amount_moved: boolean | null
      refund_fee_moved: boolean | null
      returned_fee_moved: boolean | null
      refund_fee_compared: boolean | null
      returned_fee_compared: boolean | null
      is_mixed: boolean | null
      is_failed: boolean | null
      is_foreign: boolean | null
      is_elsewhere: boolean | null
      amount_tolerance: bigint | null
      fee_tolerance: bigint | null
    }
  }
  'explain/show_legs': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null]
    row: {
      leg_no: bigint | null
      leg_id: string | null
      refund_id: string | null
      direction: string | null
      processor: string | null
      on_date: string | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
      currency: string | null
      identity_keys: string[] | null
      reference_keys: string[] | null
      is_outside: boolean | null
    }
  }
  'explain/show_match': {
    params: [$1: string | null, $2: bigint | number | null]
    row: {
      currency: string | null
      pass: string | null
      legs: bigint | null
      rows: bigint | null
      ledger_amount: bigint | null
      processor_amount: bigint | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
    }
  }
  'explain/show_open': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null]
    row: {
      item_no: bigint
      side: string
      state: string
      island_no: bigint | null
    }
  }
  'explain/show_other_rows': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null]
    row: {
      row_no: bigint | null
      transaction_id: string | null
      processor: string | null
      account: string | null
      type: string | null
      category: string | null
      occurred_on: string | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
      currency: string | null
      payment_ids: string[] | null
      reference_ids: string[] | null
      active: boolean | null
      file: string | null
      line: bigint | null
    }
  }
  'explain/show_rows': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null]
    row: {
      row_no: bigint | null
      transaction_id: string | null
      processor: string | null
      account: string | null
      type: string | null
      direction: string | null
      on_date: string | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
      currency: string | null
      refund_id: string | null
      payment_ids: string[] | null
      reference_ids: string[] | null
      payout_id: string | null
      reversal_of: bigint | null
      file: string | null
      line: bigint | null
    }
  }
  'fees/list': {
    params: [$1: string | null]
    row: {
      month: string
      processor: string
      account: string
      currency: string
      amount: bigint
      by: string
      at: string
      note: string | null
    }
  }
  'fees/set': {
    params: [business_id: string | null, month: string | null, processor: string | null, account: string | null, currency: string | null, amount: bigint | number | null, by_name: string | null, at: string | null, note: string | null]
    row: null
  }
  'fees/sums': {
    params: [business_id: string | null, discrepancy_id: string | null]
    row: {
      rank: number | null
      kind: string | null
      category: string | null
      file: string | null
      lines: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
    }
  }
  'file/accept': {
    params: [business_id: string | null, quarantine_id: bigint | number | null]
    row: {
      months: string[] | null
    }
  }
  'file/add': {
    params: [business_id: string | null, processor: string | null, account: string | null, name: string | null, path: string | null, as_of: string | null, imported_at: string | null, sha256: string | null, bytes: bigint | number | null, format: string | null, refund_id_pattern: string | null, payment_id_patterns: readonly (string | null)[] | null, has_refund_fees: boolean | null, has_returned_fees: boolean | null, covers_from: string | null, covers_to: string | null, covers_from_at: string | null, covers_to_at: string | null, coverage_source: string | null, stray_lines: string | null, totals: string | null, totals_hold: boolean | null, categories: string | null, id_family: string | null, empty_for: string | null]
    row: {
      file_id: bigint
      was_withdrawn: boolean | null
      has_withdrawn_rows: boolean | null
    }
  }
  'file/add_rows': {
    params: [business_id: string | null, processor: string | null, account: string | null, file_id: bigint | number | null, lines: bigint | number | null]
    row: {
      accepted: bigint | null
      brought: string | null
    }
  }
  'file/brought_again': {
    params: [business_id: string | null, processor: string | null, account: string | null, file_id: bigint | number | null]
    row: {
      accepted: bigint | null
      brought: string | null
    }
  }
  'file/clear_stage': {
    params: []
    row: null
  }
  'file/compare': {
    params: [business_id: string | null, processor: string | null, account: string | null, file_id: bigint | number | null]
    row: {
      conflicts: bigint | null
      later: bigint | null
      adding: bigint | null
    }
  }
  'file/conflicts': {
    params: [business_id: string | null, processor: string | null, account: string | null, file_id: bigint | number | null, $5: readonly (string | null)[] | null, $6: readonly (number | null)[] | null]
    row: null
  }
  'file/contradictions': {
    params: []
    row: null
  }
  'file/count': {
    params: [business_id: string | null, file_id: bigint | number | null, accepted: bigint | number | null, known: bigint | number | null, same_as_earlier: bigint | number | null, quarantined: bigint | number | null, brought: string | null]
    row: null
  }
  'file/forget_aside': {
    params: [$1: string | null, $2: bigint | number | null]
    row: null
  }
  'file/formats': {
    params: [$1: string | null, $2: string | null, $3: string | null]
    row: {
      format: string
      id_family: string
    }
  }
  'file/held_by': {
    params: [$1: string | null, $2: string | null, $3: string | null]
    row: {
      file_id: bigint
      records: bigint
    }
  }
  'file/known': {
    params: [$1: string | null, $2: string | null, $3: string | null]
    row: {
      file_id: bigint
      name: string
      sha256: string
      bytes: bigint
      imported_at: string
      state: string
      empty_for: string
    }
  }
  'file/later': {
    params: [business_id: string | null]
    row: {
      updated: bigint | null
    }
  }
  'file/read_again': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null]
    row: {
      gone: bigint | null
      months: string[] | null
    }
  }
  'file/restore': {
    params: [business_id: string | null, file_ids: readonly (bigint | number | null)[] | null]
    row: null
  }
  'file/revive': {
    params: [business_id: string | null, processor: string | null, account: string | null, file_id: bigint | number | null]
    row: {
      revived: bigint | null
      changed: bigint | null
    }
  }
  'file/row_lists': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null]
    row: {
      file_id: bigint
      row_list: Buffer | null
      accepted_rows: bigint[] | null
    }
  }
  'file/same_lines': {
    params: [business_id: string | null, processor: string | null, account: string | null, file_id: bigint | number | null, beginning: string | null]
    row: {
      same: bigint | null
    }
  }
  'file/settle': {
    params: [business_id: string | null, processor: string | null, account: string | null, file_id: bigint | number | null]
    row: null
  }
  'file/settle_unreadable': {
    params: [business_id: string | null, processor: string | null, account: string | null, file_id: bigint | number | null]
    row: null
  }
  'file/stage': { params: []; row: null }
  'file/subtract': {
    params: [business_id: string | null, processor: string | null, account: string | null, mark: string | null]
    row: null
  }
  'file/unreadable': {
    params: [business_id: string | null, processor: string | null, account: string | null, file_id: bigint | number | null, name: string | null]
    row: null
  }
  'file/withdraw': {
    params: [business_id: string | null, file_ids: readonly (bigint | number | null)[] | null, row_nos: readonly (bigint | number | null)[] | null]
    row: {
      rows: bigint | null
      months: string[] | null
    }
  }
  'integrity/balanced_matches': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/coverage': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/discrepancy_effects': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/discrepancy_items': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/events': {
    params: []
    row: {
      business_id: string
      wrong: string | null
    }
  }
  'integrity/fee_spans': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/items_in_one_place': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/match_totals': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/matched_items': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/matches': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/open_items': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/outside_totals': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/refunds': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/roll_forward': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/rows': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/tie_out': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'integrity/tie_out_lines': {
    params: []
    row: {
      business_id: string | null
      wrong: string | null
    }
  }
  'notify/fingerprint': {
    params: [business_id: string | null]
    row: {
      fingerprint: string | null
    }
  }
  'notify/since': {
    params: [business_id: string | null]
    row: {
      before_at: string | null
      change: string | null
      business_id: string | null
      discrepancy_id: string | null
      code: string | null
      direction: string | null
      processor: string | null
      currency: string | null
      refund_id: string | null
      month: string | null
      measure: string | null
      status: string | null
      dated_on: string | null
      due_on: string | null
      first_seen_at: string | null
      last_seen_at: string | null
      late: boolean | null
      differs: unknown | null
      of_code: bigint | null
    }
  }
  'notify/standing': {
    params: [business_id: string | null]
    row: {
      code: string
      open: bigint | null
      new: bigint | null
      cleared: bigint | null
      as_of_before: string | null
    }
  }
  'pull/add_legs': {
    params: [business_id: string | null, direction: string | null]
    row: null
  }
  'pull/add_refunds': {
    params: [business_id: string | null, direction: string | null, pull_id: bigint | number | null]
    row: null
  }
  'pull/change_legs': {
    params: [business_id: string | null, direction: string | null]
    row: null
  }
  'pull/change_refunds': {
    params: [business_id: string | null, direction: string | null, pull_id: bigint | number | null]
    row: null
  }
  'pull/close': {
    params: [business_id: string | null, direction: string | null, as_of: string | null, started_at: string | null, finished_at: string | null, complete: boolean | null, maybe_cut: boolean | null, refunds: bigint | number | null, quarantined: bigint | number | null, quarantined_without_id: bigint | number | null, pages: number | null, bytes: bigint | number | null, sha256: string | null, problem: string | null, pull_id: bigint | number | null, page_ends: readonly (string | null)[] | null]
    row: {
      empty_legs: bigint
    }
  }
  'pull/counts': {
    params: []
    row: {
      refunds: bigint | null
      read: bigint | null
      quarantined: bigint | null
      quarantined_without_id: bigint | null
    }
  }
  'pull/drop_earlier': {
    params: []
    row: null
  }
  'pull/drop_pages': {
    params: [business_id: string | null, pull_id: bigint | number | null]
    row: null
  }
  'pull/erase': {
    params: [business_id: string | null, person_sha256: string | null, erased_at: string | null]
    row: null
  }
  'pull/erasures': {
    params: [business_id: string | null]
    row: {
      person_sha256: string
    }
  }
  'pull/join_by_key': { params: []; row: null }
  'pull/join_in_bulk': { params: []; row: null }
  'pull/keep_versions': {
    params: [business_id: string | null, direction: string | null]
    row: null
  }
  'pull/known': {
    params: [business_id: string | null, direction: string | null, place: bigint | number | null, $4: readonly (string | null)[] | null]
    row: {
      place: bigint | null
      is_removed: boolean | null
    }
  }
  'pull/number': {
    params: [$1: string | null, $2: string | null]
    row: {
      pull_id: bigint | null
      bytes: bigint | null
      sha256: string | null
      refunds: bigint | null
      page_ends: string[] | null
    }
  }
  'pull/pages': {
    params: [business_id: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (number | null)[] | null]
    row: {
      pull_id: bigint
      page_no: number
      codec: string
      raw: Buffer
    }
  }
  'pull/pages_after': {
    params: [business_id: string | null, pull_id: bigint | number | null, page_no: number | null, before: string | null]
    row: {
      pull_id: bigint
      page_no: number
      codec: string
      raw: Buffer
    }
  }
  'pull/quarantine': {
    params: [business_id: string | null, direction: string | null, pull_id: bigint | number | null, source: string | null]
    row: null
  }
  'pull/remove_legs': {
    params: [business_id: string | null, direction: string | null, refund_ids: readonly (string | null)[] | null]
    row: null
  }
  'pull/remove_refunds': {
    params: [business_id: string | null, direction: string | null, pull_id: bigint | number | null]
    row: {
      refund_id: string
    }
  }
  'pull/rewrite_page': {
    params: [business_id: string | null, pull_id: bigint | number | null, page_no: number | null, codec: string | null, raw: Buffer | null, is_stripped: boolean | null]
    row: null
  }
  'pull/stage': { params: []; row: null }
  'pull/touch_legs': {
    params: [business_id: string | null, direction: string | null]
    row: null
  }
  'pull/undo': {
    params: [place: bigint | number | null]
    row: null
  }
  'reconcile/begin': {
    params: [business_id: string | null, as_of: string | null, now: string | null, everything: boolean | null, version: string | null]
    row: {
      currency: string | null
      starts_on: string | null
      as_of_before: string | null
      item_mark: bigint | null
      new_item_mark: bigint | null
      is_first: boolean | null
      matched: bigint | null
      matches: bigint | null
      matching_settings: string | null
      judging_settings: string | null
      matching_changed: boolean | null
      judging_changed: boolean | null
      matched_by: string | null
      is_same: boolean | null
      open_legs: bigint | null
      open_rows: bigint | null
      has_rulings: boolean | null
      event_number: bigint | null
      event_hash: string | null
    }
  }
  'reconcile/count_changed': {
    params: [$1: string | null, $2: bigint | number | null]
    row: {
      changed: bigint | null
    }
  }
  'reconcile/doubt': {
    params: [$1: string | null, $2: readonly (string | null)[] | null]
    row: null
  }
  'reconcile/doubt_all': {
    params: [$1: string | null]
    row: null
  }
  'reconcile/find': {
    params: [$1: string | null, $2: string | null, $3: string | null, $4: readonly (string | null)[] | null]
    row: {
      discrepancy_id: string | null
      kind: string | null
      code: string | null
      status_before: string | null
      status: string | null
      count: bigint | null
      amount: bigint | null
    }
  }
  'reconcile/finish': {
    params: [business_id: string | null, item_mark: bigint | number | null, matching_settings: string | null, judging_settings: string | null, matched_by: string | null, has_matched: boolean | null, error_codes: readonly (string | null)[] | null, timing_codes: readonly (string | null)[] | null]
    row: {
      open_errors: number | null
      open_timing: number | null
      legs_matched: number | null
      rows_matched: number | null
      unexplained_lines: number | null
      has_unlisted: boolean | null
    }
  }
  'reconcile/forget': {
    params: [business_id: string | null]
    row: null
  }
  'reconcile/fresh': {
    params: [$1: string | null, $2: bigint | number | null, $3: bigint | number | null]
    row: {
      new_legs: bigint | null
      new_rows: bigint | null
      months: string[] | null
      payment_ids: string[] | null
    }
  }
  'reconcile/judge': {
    params: [$1: string | null]
    row: null
  }
  'reconcile/keys': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null, $4: readonly (bigint | number | null)[] | null]
    row: {
      named: string[] | null
      fresh_named: string[] | null
      fresh_references: string[] | null
      refund_ids: string[] | null
      row_ids: string[] | null
      reversed_payment_ids: string[] | null
    }
  }
  'reconcile/known_payments': {
    params: [$1: string | null, $2: readonly (string | null)[] | null]
    row: {
      processor: string | null
      key: string | null
    }
  }
  'reconcile/legs': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null, $4: readonly (bigint | number | null)[] | null]
    row: {
      leg_no: bigint | null
      direction: string | null
      refund_id: string | null
      leg_id: string | null
      processor: string | null
      on_date: string | null
      amount: bigint | null
      identity_keys: string[] | null
      reference_keys: string[] | null
      payment_keys: string[] | null
    }
  }
  'reconcile/loose': {
    params: [$1: string | null, $2: bigint | number | null]
    row: {
      new_legs: bigint[] | null
      new_rows: bigint[] | null
      open_legs: bigint[] | null
      open_rows: bigint[] | null
      touched_legs: bigint[] | null
      touched_rows: bigint[] | null
      returned: bigint[] | null
    }
  }
  'reconcile/match_totals': {
    params: [$1: string | null, $2: readonly (string | null)[] | null, $3: readonly (string | null)[] | null, $4: readonly (string | null)[] | null, $5: readonly (bigint | number | null)[] | null, $6: readonly (bigint | number | null)[] | null, $7: readonly (bigint | string | null)[] | null, $8: readonly (bigint | number | null)[] | null]
    row: null
  }
  'reconcile/over_refund_linked': {
    params: [business_id: string | null, row_nos: readonly (bigint | number | null)[] | null, payment_ids: readonly (string | null)[] | null]
    row: {
      row_no: bigint
      processor: string
      account: string
      transaction_id: string
      type: string
      direction: string
      currency: string
      amount: bigint
      presented_amount: bigint | null
      presented_currency: string | null
      payment_ids: string[]
      reversal_of: bigint | null
      on_date: string
    }
  }
  'reconcile/over_refund_seeds': {
    params: [$1: string | null, $2: readonly (string | null)[] | null]
    row: {
      row_no: bigint | null
    }
  }
  'reconcile/over_refund_seeds_all': {
    params: [$1: string | null]
    row: {
      row_no: bigint | null
    }
  }
  'reconcile/pair_by_payment': {
    params: [$1: string | null, $2: bigint | number | null, $3: boolean | null]
    row: {
      direction: string | null
      processor: string | null
      pass: string | null
      legs: bigint | null
      rows: bigint | null
      amount: bigint | null
      count: bigint | null
    }
  }
  'reconcile/pair_by_refund_id': {
    params: [$1: string | null, $2: bigint | number | null, $3: boolean | null, $4: boolean | null]
    row: {
      direction: string | null
      processor: string | null
      pass: string | null
      legs: bigint | null
      rows: bigint | null
      amount: bigint | null
      count: bigint | null
    }
  }
  'reconcile/processors': {
    params: [business_id: string | null]
    row: {
      processor: string
      date_window_days: number
      usual_lag_days: number
      match_payouts: boolean
      refund_id_patterns: string[] | null
      payment_id_patterns: string[] | null
    }
  }
  'reconcile/prune': {
    params: [business_id: string | null, as_of_before: string | null, timing_codes: readonly (string | null)[] | null]
    row: null
  }
  'reconcile/reached_matches': {
    params: [$1: string | null, $2: readonly (string | null)[] | null, $3: readonly (string | null)[] | null, $4: readonly (string | null)[] | null, $5: readonly (string | null)[] | null, $6: readonly (string | null)[] | null, $7: readonly (bigint | number | null)[] | null, $8: readonly (bigint | number | null)[] | null]
    row: {
      match_no: bigint
      pass: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
    }
  }
  'reconcile/rows': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null, $4: readonly (bigint | number | null)[] | null, $5: readonly (bigint | number | null)[] | null]
    row: {
      row_no: bigint | null
      processor: string | null
      account: string | null
      transaction_id: string | null
      type: string | null
      refund_id: string | null
      payment_ids: string[] | null
      reference_ids: string[] | null
      amount: bigint | null
      currency: string | null
      on_date: string | null
      payout_id: string | null
      direction: string | null
      reversal_of: bigint | null
    }
  }
  'reconcile/rulings': {
    params: [$1: string | null]
    row: {
      kind: string
      leg_nos: bigint[]
      row_nos: bigint[]
    }
  }
  'reconcile/set_aside': {
    params: [$1: string | null]
    row: null
  }
  'reconcile/store_matches': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (string | null)[] | null, $4: readonly (bigint | number | null)[] | null, $5: readonly (bigint | number | null)[] | null, $6: readonly (bigint | number | null)[] | null]
    row: null
  }
  'reconcile/store_open': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null, $4: readonly (bigint | number | null)[] | null, $5: readonly (string | null)[] | null, $6: readonly (bigint | number | null)[] | null]
    row: null
  }
  'reconcile/store_over_refunds': {
    params: [business_id: string | null, groups: string | null]
    row: null
  }
  'reconcile/store_ties': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null, $4: readonly (string | null)[] | null]
    row: null
  }
  'reconcile/touch_outside': {
    params: [business_id: string | null, item_mark: bigint | number | null]
    row: null
  }
  'reconcile/undo': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null]
    row: {
      direction: string | null
      processor: string | null
      pass: string | null
      legs: bigint | null
      rows: bigint | null
      amount: bigint | null
      count: bigint | null
    }
  }
  'report/bridge': {
    params: [business_id: string | null, from_month: string | null, to_month: string | null]
    row: {
      direction: string | null
      currency: string | null
      code: string | null
      findings: bigint | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
    }
  }
  'report/businesses': {
    params: [business_ids: readonly (string | null)[] | null]
    row: {
      business_id: string | null
      name: string | null
      currency: string | null
      time_zone: string | null
      materiality_item: bigint | null
      materiality_month: bigint | null
      processors: string[] | null
      reconciled_as_of: string | null
      has_quarantine: boolean | null
    }
  }
  'report/chain': {
    params: [business_id: string | null]
    row: {
      business_id: string
      event_number: bigint
      event_hash: string
    }
  }
  'report/coverage': {
    params: [business_id: string | null, from_month: string | null, to_month: string | null]
    row: {
      business_id: string | null
      processor: string | null
      account: string | null
      from: string | null
      to: string | null
      holes_after: string[] | null
      holes_before: string[] | null
    }
  }
  'report/discrepancies': {
    params: [business_id: string | null, from_month: string | null, to_month: string | null, codes: readonly (string | null)[] | null, statuses: readonly (string | null)[] | null]
    row: {
      business_id: string | null
      discrepancy_id: string | null
      code: string | null
      direction: string | null
      processor: string | null
      currency: string | null
      refund_id: string | null
      month: string | null
      measure: string | null
      status: string | null
      dated_on: string | null
      due_on: string | null
      first_seen_at: string | null
      last_seen_at: string | null
      late: boolean | null
      differs: unknown | null
      of_code: bigint | null
    }
  }
  'report/discrepancy_effects': {
    params: [business_id: string | null, discrepancy_ids: readonly (string | null)[] | null]
    row: {
      discrepancy_id: string
      month: string
      processor: string
      currency: string
      amount: bigint
      refund_fee: bigint
      returned_fee: bigint
    }
  }
  'report/discrepancy_events': {
    params: [business_id: string | null, discrepancy_ids: readonly (string | null)[] | null]
    row: {
      discrepancy_id: string | null
      event_number: bigint
      at: string
      by: string
      kind: string
      from: string | null
      to: string | null
      note: string | null
      as: string | null
      due_on: string | null
    }
  }
  'report/discrepancy_fee_totals': {
    params: [business_id: string | null, discrepancy_ids: readonly (string | null)[] | null]
    row: {
      discrepancy_id: string
      measure: string
      tied: string | null
      ledger: bigint
      processor_total: bigint
    }
  }
  'report/discrepancy_gaps': {
    params: [business_id: string | null, discrepancy_ids: readonly (string | null)[] | null]
    row: {
      discrepancy_id: string
      from: string | null
      to: string | null
    }
  }
  'report/discrepancy_legs': {
    params: [business_id: string | null, discrepancy_ids: readonly (string | null)[] | null]
    row: {
      discrepancy_id: string | null
      leg_id: string | null
      refund_id: string | null
      external_id: string | null
      refund_external_id: string | null
      processor: string | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
      completed_at: string | null
      completed_on: string | null
      references: string[] | null
      payment_keys: string[] | null
      method: string | null
      pulled_at: string | null
    }
  }
  'report/discrepancy_rates': {
    params: [business_id: string | null, discrepancy_ids: readonly (string | null)[] | null]
    row: {
      discrepancy_id: string
      transaction_id: string
      dated_on: string | null
      from_currency: string | null
      to_currency: string | null
      rate: string | null
      amount: bigint | null
    }
  }
  'report/discrepancy_refunds': {
    params: [business_id: string | null, discrepancy_ids: readonly (string | null)[] | null]
    row: {
      discrepancy_id: string | null
      refund_id: string | null
      external_id: string | null
      refunded_amount: bigint | null
      status: string | null
      completed_on: string | null
      payment_keys: string[] | null
      payments_sum: bigint | null
      allocations_sum: bigint | null
      allocations: number | null
      line_items_off: number[] | null
      pulled_at: string | null
      last_pulled_at: string | null
      removed_at: string | null
    }
  }
  'report/discrepancy_rows': {
    params: [business_id: string | null, discrepancy_ids: readonly (string | null)[] | null]
    row: {
      discrepancy_id: string | null
      transaction_id: string | null
      processor: string | null
      account: string | null
      refund_id: string | null
      payment_id: string[] | null
      type: string | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
      currency: string | null
      presented_amount: bigint | null
      presented_currency: string | null
      occurred_on: string | null
      file: string | null
      line: bigint | null
      references: string[] | null
      reverses: string | null
    }
  }
  'report/effects': {
    params: [business_id: string | null, from_month: string | null, to_month: string | null]
    row: {
      id: string | null
      code: string | null
      status: string | null
      direction: string | null
      month: string | null
      processor: string | null
      currency: string | null
      amount: bigint | null
      refund_fee: bigint | null
      returned_fee: bigint | null
    }
  }
  'report/file_brought': {
    params: [business_id: string | null, file_ids: readonly (bigint | number | null)[] | null]
    row: {
      file_id: bigint
      currency: string | null
      rows: bigint | null
      first_id: string | null
      last_id: string | null
      amount: bigint | null
    }
  }
  'report/file_categories': {
    params: [business_id: string | null, file_ids: readonly (bigint | number | null)[] | null]
    row: {
      file_id: bigint
      category: string | null
      type: string | null
      currency: string | null
      count: bigint | null
      amount: bigint | null
    }
  }
  'report/file_totals': {
    params: [business_id: string | null, file_ids: readonly (bigint | number | null)[] | null]
    row: {
      file_id: bigint
      name: string | null
      stated: string | null
      read: string | null
      holds: boolean | null
    }
  }
  'report/files': {
    params: [business_id: string | null, from_month: string | null, to_month: string | null]
    row: {
      business_id: string
      file_id: bigint
      processor: string
      account: string
      name: string
      path: string
      sha256: string
      bytes: bigint
      format: string
      state: string
      imported_at: string
      records: bigint
      accepted: bigint
      known: bigint
      same_as_earlier: bigint
      quarantined: bigint
      covers_from: string | null
      covers_to: string | null
      coverage_source: string
      totals_hold: boolean
    }
  }
  'report/ledger_standing': {
    params: [business_id: string | null]
    row: {
      direction: string
      refunds: bigint | null
      amount: bigint | null
      first_id: string | null
      last_id: string | null
    }
  }
  'report/matched': {
    params: [business_id: string | null, $2: string | null, $3: string | null]
    row: {
      direction: string | null
      processor: string | null
      pass: string | null
      ledger_on: string | null
      refund_ids: string[] | null
      leg_ids: string[] | null
      ledger_amount: bigint | null
      ledger_refund_fee: bigint | null
      ledger_returned_fee: bigint | null
      processor_on: string | null
      transaction_ids: string[] | null
      places: string[] | null
      currencies: string[] | null
      processor_amount: bigint | null
      processor_refund_fee: bigint | null
      processor_returned_fee: bigint | null
    }
  }
  'report/matched_by_day': {
    params: [business_id: string | null, $2: string | null, $3: string | null, $4: string | null]
    row: {
      day: string | null
      legs: bigint | null
      legs_matched: bigint | null
      rows: bigint | null
      rows_matched: bigint | null
    }
  }
  'report/matches': {
    params: [business_id: string | null]
    row: {
      business_id: string
      direction: string
      processor: string
      pass: string
      legs: bigint
      rows: bigint
      amount: bigint
      count: bigint
    }
  }
  'report/notes': {
    params: [business_id: string | null]
    row: {
      business_id: string | null
      code: string | null
      text: string | null
      count: bigint | null
      amount: bigint | null
    }
  }
  'report/outside': {
    params: [business_id: string | null, from_month: string | null, to_month: string | null]
    row: {
      business_id: string
      direction: string
      method: string
      processor: string | null
      currency: string
      month: string
      legs: bigint
      amount: bigint
    }
  }
  'report/pulls': {
    params: [business_id: string | null]
    row: {
      business_id: string
      pull_id: bigint
      direction: string
      as_of: string
      started_at: string
      finished_at: string
      complete: boolean
      maybe_cut: boolean
      refunds: bigint
      quarantined: bigint
      empty_legs: bigint
      pages: number
      bytes: bigint
      sha256: string
      problem: string | null
    }
  }
  'report/quarantine': {
    params: [business_id: string | null, from_month: string | null, to_month: string | null, quarantine_ids: readonly (bigint | number | null)[] | null]
    row: {
      business_id: string | null
      quarantine_id: bigint | null
      source: string | null
      line: bigint | null
      kind: string | null
      reason: string | null
      raw: string | null
      item_id: string | null
      dated_on: string | null
      is_stored: boolean | null
      stored_type: string | null
      stored_amount: bigint | null
      stored_refund_fee: bigint | null
      stored_returned_fee: bigint | null
      stored_currency: string | null
      stored_presented_amount: bigint | null
      stored_presented_currency: string | null
      stored_refund_id: string | null
      stored_occurred_at: string | null
      stored_occurred_on: string | null
      stored_file: string | null
      stored_line: bigint | null
    }
  }
  'report/related_open': {
    params: [business_id: string | null, codes: readonly (string | null)[] | null, most: bigint | number | null]
    row: {
      discrepancy_id: string | null
      code: string | null
      side: string | null
      id: string | null
      refund_id: string | null
      identity_keys: string[] | null
      payment_keys: string[] | null
      reference_keys: string[] | null
      processor: string | null
      account: string | null
      direction: string | null
      currency: string | null
      amount: bigint | null
      on_date: string | null
      payout_id: string | null
      payment_kinds: string[] | null
    }
  }
  'report/related_stored': {
    params: [business_id: string | null, discrepancy_ids: readonly (string | null)[] | null]
    row: {
      discrepancy_id: string | null
      kind: string | null
      target: string | null
      amount: bigint | null
      currency: string | null
      on_date: string | null
      named: string | null
      place: string | null
    }
  }
  'report/runs': {
    params: [business_id: string | null]
    row: {
      business_id: string
      run_id: bigint
      command: string
      as_of: string
      started_at: string
      finished_at: string | null
      state: string
      problem: string | null
    }
  }
  'report/standing': {
    params: [business_id: string | null]
    row: {
      month: string | null
      verdict: string | null
      reasons: unknown | null
      is_over: boolean | null
      state: string | null
      prepared_by: string | null
      reviewed_by: string | null
      is_to_be_closed: boolean | null
      is_worst: boolean | null
      currency: string | null
      direction: string | null
      net: bigint | null
      gross: bigint | null
      fees: bigint | null
    }
  }
  'report/tie_out': {
    params: [business_id: string | null, from_month: string | null, to_month: string | null]
    row: {
      business_id: string | null
      direction: string | null
      processor: string | null
      currency: string | null
      month: string | null
      measure: string | null
      ledger: bigint | null
      processor_total: bigint | null
      difference: bigint | null
      explained: bigint | null
      unexplained: bigint | null
      gross: bigint | null
      tied: string | null
    }
  }
  'report/verdicts': {
    params: [business_id: string | null, from_month: string | null, to_month: string | null]
    row: {
      business_id: string | null
      month: string | null
      verdict: string | null
      reasons: unknown | null
      prepared_by: string | null
      reviewed_by: string | null
      closed_at: string | null
      sha256: string | null
    }
  }
  'review/change_status': {
    params: [$1: string | null, $2: readonly (string | null)[] | null, $3: string | null]
    row: null
  }
  'review/file_lines': {
    params: [$1: string | null, $2: string | null]
    row: {
      transaction_id: string
      line: bigint
      path: string
      name: string
      sha256: string
      format: string
      processor: string
      account: string
    }
  }
  'review/heads': {
    params: [$1: string | null, $2: readonly (string | null)[] | null]
    row: {
      business_id: string | null
      discrepancy_id: string | null
      code: string | null
      direction: string | null
      processor: string | null
      currency: string | null
      refund_id: string | null
      month: string | null
      measure: string | null
      status: string | null
      dated_on: string | null
      due_on: string | null
      first_seen_at: string | null
      last_seen_at: string | null
      late: boolean | null
      differs: unknown | null
      of_code: bigint | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
    }
  }
  'review/last_ruling': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null]
    row: {
      event_number: bigint
      at: string
      actor: string
      kind: string
      to_state: string | null
      note: string | null
    }
  }
  'review/list_findings': {
    params: [$1: string | null]
    row: null
  }
  'review/matched_with': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null]
    row: {
      match_no: bigint
      pass: string | null
      leg_nos: bigint[] | null
      row_nos: bigint[] | null
    }
  }
  'review/named': {
    params: [$1: string | null, $2: readonly (string | null)[] | null]
    row: {
      text: string | null
      discrepancy_id: string
      is_whole: boolean | null
    }
  }
  'review/ruled_items': {
    params: [$1: string | null, $2: readonly (bigint | number | null)[] | null, $3: readonly (bigint | number | null)[] | null]
    row: {
      side: number | null
      item_no: bigint | null
      leg_no: bigint | null
      row_no: bigint | null
      name: string | null
      direction: string | null
      processor: string | null
      on_date: string | null
      left_out: string | null
      match_no: bigint | null
      pass: string | null
      ruling_id: string | null
      by_name: string | null
    }
  }
  'review/rulings': {
    params: [$1: string | null]
    row: {
      id: string
      kind: string
      leg_nos: bigint[]
      row_nos: bigint[]
      legs: string[] | null
      rows: string[] | null
      by: string
      at: string
      note: string | null
    }
  }
  'review/standing': {
    params: [business_id: string | null, discrepancy_ids: readonly (string | null)[] | null]
    row: {
      discrepancy_id: string | null
      code: string | null
      status: string | null
      last_seen_at: string | null
      event_number: bigint | null
      at: string | null
      by: string | null
      kind: string | null
      from: string | null
      to: string | null
      note: string | null
      as: string | null
      due_on: string | null
      owner: string | null
      owner_due_on: string | null
      effects: unknown | null
    }
  }
  'review/versions': {
    params: [$1: string | null, $2: readonly (string | null)[] | null, $3: readonly (string | null)[] | null]
    row: {
      direction: string | null
      refund_id: string | null
      content_pull_id: bigint | null
      content_page: number | null
      content_place: number | null
      as_of: string
    }
  }
  'review/waived': {
    params: [business_id: string | null, months: readonly (string | null)[] | null]
    row: {
      month: string
      currency: string
      gross: bigint | null
    }
  }
  'run/alias_hints': {
    params: [business_id: string | null]
    row: {
      named: string | null
      refunds: bigint | null
      configured: string | null
      refunds_there: bigint | null
    }
  }
  'run/at_work': {
    params: [$1: string | null]
    row: {
      job: string
      started_at: string
    }
  }
  'run/close': {
    params: [business_id: string | null, run_id: bigint | number | null, finished_at: string | null, outcome: string | null, problem: string | null, steps: string | null]
    row: null
  }
  'run/due': {
    params: [business_id: string | null]
    row: {
      code: string
      findings: bigint | null
      due_on: string | null
    }
  }
  'run/finding_ages': {
    params: [business_id: string | null]
    row: {
      code: string
      dated_on: string | null
      findings: bigint | null
    }
  }
  'run/full_run_advised': {
    params: [$1: string | null]
    row: {
      full_run_advised: boolean | null
    }
  }
  'run/imported_to': {
    params: [business_id: string | null]
    row: {
      processor: string | null
      files: bigint | null
      covers_to: string | null
    }
  }
  'run/last': {
    params: [business_id: string | null]
    row: {
      job: string
      as_of: string
      started_at: string
      finished_at: string | null
      outcome: string
      problem: string | null
      is_working: boolean | null
    }
  }
  'run/last_pulls': {
    params: [business_id: string | null]
    row: {
      direction: string
      as_of: string
      complete: boolean
      maybe_cut: boolean
      refunds: bigint
      quarantined: bigint
      problem: string | null
      complete_as_of: string | null
    }
  }
  'run/of_night': {
    params: [business_ids: readonly (string | null)[] | null, as_of: string | null, jobs: readonly (string | null)[] | null]
    row: {
      business_id: string | null
      settings_hash: string | null
      run_id: bigint | null
      job: string | null
      started_at: string | null
      finished_at: string | null
      outcome: string | null
      problem: string | null
      steps: unknown | null
    }
  }
  'run/open': {
    params: [business_id: string | null, job: string | null, as_of: string | null, started_at: string | null]
    row: {
      run_id: bigint
    }
  }
  'run/outgrown': {
    params: [$1: readonly (string | null)[] | null, $2: readonly (string | null)[] | null]
    row: {
      name: string | null
    }
  }
  'run/quarantined': {
    params: [business_id: string | null]
    row: {
      quarantined: bigint | null
    }
  }
  'run/schema_state': {
    params: []
    row: {
      version: string | null
      name: string | null
      schema: string | null
      may_create: boolean | null
      is_migrated: boolean | null
      now_seconds: bigint | null
    }
  }
  'run/unsettled': {
    params: [$1: readonly (string | null)[] | null]
    row: {
      business_id: string | null
    }
  }
  'tie_out/coverage': {
    params: [$1: string | null]
    row: null
  }
  'tie_out/explain': {
    params: [$1: string | null]
    row: null
  }
  'tie_out/notes': {
    params: [$1: string | null, $2: boolean | null, $3: readonly (string | null)[] | null]
    row: null
  }
  'tie_out/totals': {
    params: [$1: string | null, $2: boolean | null, $3: readonly (string | null)[] | null]
    row: null
  }
  'tie_out/verdicts': {
    params: [$1: string | null]
    row: null
  }
}
