/**
 * The words of PayPal's website exports in English, Spanish, German, French and Czech: headers, types, statuses, effects on
 * the balance. Taken from importers and from exports quoted in public, the Czech ones inferred but for gross and fee; a word that is missing here makes a line 'other', or
 * sets a refund aside where its status or effect is not known.
 */

import { columnKey } from '../../read/columns.ts'
import { CHARGEBACK, CHARGEBACK_REVERSAL, FEE_REFUND, PAYMENT, PAYMENT_REVERSAL, REFUND } from './transaction.ts'

/** Names of one column, English first. */
export const NAMES = {
  date: ['Date', 'Fecha', 'Datum'],
  time: ['Time', 'Hora', 'Uhrzeit', 'Zeit', 'Heure', 'Čas'],
  zone: ['TimeZone', 'Time Zone', 'Zona horaria', 'Zeitzone', 'Fuseau horaire', 'Časové pásmo'],
  /** the monthly statement has a description instead of a type */
  type: ['Type', 'Tipo', 'Typ', 'Description', 'Descripción', 'Beschreibung', 'Popis'],
  code: ['Transaction Event Code', 'Transaktionsereigniscode', 'Code de transaction'],
  status: ['Status', 'Estado', 'État', 'Statut', 'Stav'],
  currency: ['Currency', 'Divisa', 'Moneda', 'Währung', 'Devise', 'Měna'],
  gross: ['Gross', 'Bruto', 'Brutto', 'Avant commission', 'Brut'],
  fee: ['Fee', 'Fees', 'Comisión', 'Tarifa', 'Gebühr', 'Entgelt', 'Commission', 'Frais', 'Poplatek'],
  net: ['Net', 'Neto', 'Netto'],
  id: ['Transaction ID', 'Id. de transacción', 'Transaktionscode', 'Numéro de transaction', 'ID transakce'],
  original: [
    'Reference Txn ID',
    'Id. de referencia de trans.',
    'Id. de referencia de la transacción',
    'Zugehöriger Transaktionscode',
    'Txn-Referenzkennung',
    'Numéro de la transaction de référence',
    'Nº de transaction de référence',
    'Referenční ID transakce',
  ],
  invoice: [
    'Invoice Number',
    'Invoice ID',
    'Número de factura',
    'Id. de factura',
    'Rechnungsnummer',
    'Numéro de facture',
    'Identifiant de facture',
    'Nº de facture',
    'ID faktury',
  ],
  custom: [
    'Custom Number',
    'Número personalizado',
    'Zollnummer',
    'Individuelle Nummer',
    'Numéro de client',
    'Nº de client',
  ],
  effect: ['Balance Impact', 'Repercusiones en el saldo', 'Auswirkung auf Guthaben', 'Impact sur le solde'],
} as const

const words = (...all: readonly string[]): ReadonlySet<string> => new Set(all.map(columnKey))

const REFUNDS = words(
  'Payment Refund',
  'Refund',
  'Reembolso de pago',
  'Reembolso',
  'Rückzahlung',
  'Rückerstattung',
  'Remboursement de paiement',
  'Remboursement',
  'Vrácení platby',
)
const FEE_REFUNDS = words('Fee Refund')
/** English alone: how the other languages say it is not known for sure. */
const TAKEN_BACK: ReadonlyMap<string, string> = new Map([
  [columnKey('Payment Reversal'), PAYMENT_REVERSAL],
  [columnKey('Chargeback'), CHARGEBACK],
  [columnKey('Chargeback Reversal'), CHARGEBACK_REVERSAL],
])
const PAYMENTS = words(
  'Direct Credit Card Payment',
  'Donation Payment',
  'eBay Auction Payment',
  'Express Checkout Payment',
  'General Payment',
  'Invoice Payment',
  'Mobile Payment',
  'Payment',
  'PayPal Here Payment',
  'PreApproved Payment Bill User Payment',
  'Subscription Payment',
  'Third Party Auction Payment',
  'Virtual Terminal Payment',
  'Website Payment',
  'Pago con Pago de usuario de BillPay preaprobado',
  'Pago con Pago exprés',
  'Pago estándar',
  'Allgemeine Zahlung',
  'eBay-Auktionszahlung',
  'Handyzahlung',
  'PayPal Express-Zahlung',
  'Spendenzahlung',
  'Website-Zahlung',
  'Zahlung im Einzugsverfahren mit Zahlungsrechnung',
  'Paiement DCC',
  'Paiement de don',
  'Paiement Express Checkout',
  "Paiement préapprouvé d'un utilisateur de facture de paiement",
  'Paiement standard',
  'Obecná platba',
  'Expresní platba',
)

/** A type's words as a transaction event code; '' where they mean none that counts. */
export const codeOf = (type: string): string => {
  const key = columnKey(type.replaceAll('’', "'"))
  if (REFUNDS.has(key)) return REFUND
  if (FEE_REFUNDS.has(key)) return FEE_REFUND
  const taken = TAKEN_BACK.get(key)
  if (taken !== undefined) return taken
  return PAYMENTS.has(key) ? PAYMENT : ''
}

/** A payment that is refunded later had been completed. */
const COMPLETED = words(
  'Completed',
  'Cleared',
  'Refunded',
  'Partially Refunded',
  'Completado',
  'Abgeschlossen',
  'Terminé',
  'Dokončeno',
)
const NOT_COMPLETED = words(
  'Canceled',
  'Cancelled',
  'Denied',
  'Expired',
  'Failed',
  'Held',
  'On Hold',
  'Pending',
  'Processing',
  'Returned',
  'Reversed',
  'Unclaimed',
  'Voided',
  'Cancelado',
  'Denegado',
  'Pendiente',
  'Rechazado',
  'Abgelehnt',
  'Ausstehend',
  'Fehlgeschlagen',
  'Storniert',
  'Annulé',
  'En attente',
  'Refusé',
)
const MOVES = words('Debit', 'Credit', 'Cargo', 'Abono', 'Crédito', 'Débito', 'Soll', 'Haben', 'Débit', 'Crédit')
const MEMO = words('Memo', 'Mémo')

/** Whether a status is one of a completed line; null where the word is not known. */
export const isCompleted = (status: string): boolean | null => known(status, COMPLETED, NOT_COMPLETED)

/** Whether an effect on the balance is one; null where the word is not known. */
export const movesBalance = (effect: string): boolean | null => known(effect, MOVES, MEMO)

const known = (word: string, yes: ReadonlySet<string>, no: ReadonlySet<string>): boolean | null => {
  const key = columnKey(word)
  return yes.has(key) ? true : no.has(key) ? false : null
}
