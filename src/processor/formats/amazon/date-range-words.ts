/** The words of Amazon's date range report in English, German, French, Italian, Spanish and Dutch, as importers have them. */

import { lineKinds } from '../../fields/line-kinds.ts'
import { columnKey } from '../../read/columns.ts'
import type { RowType } from '../format.ts'

/** Names of one column, English first. */
export const NAMES = {
  time: ['date/time', 'Datum/Uhrzeit', 'date/heure', 'Data/Ora:', 'fecha y hora', 'datum/tijd'],
  settlement: [
    'settlement id',
    'Abrechnungsnummer',
    'numéro de versement',
    'Numero pagamento',
    'identificador de pago',
    'schikkings-ID',
  ],
  type: ['type', 'Typ', 'Tipo'],
  order: ['order id', 'Bestellnummer', 'numéro de la commande', 'Numero ordine', 'número de pedido', 'bestelnummer'],
  sku: ['sku'],
  selling: [
    'selling fees',
    'Verkaufsgebühren',
    'frais de vente',
    'Commissioni di vendita',
    'tarifas de venta',
    'verkoopkosten',
  ],
  fba: [
    'fba fees',
    'Gebühren zu Versand durch Amazon',
    'Frais Expédié par Amazon',
    'Frais pour le service Expédié par Amazon',
    'Costi del servizio Logistica di Amazon',
    'tarifas de Logística de Amazon',
    'tarifas fba',
    'fba-vergoedingen',
  ],
  otherFees: [
    'other transaction fees',
    'Andere Transaktionsgebühren',
    'autres frais de transaction',
    'Altri costi relativi alle transazioni',
    'tarifas de otras transacciones',
    'tarifas de otra transacción',
    'overige transactiekosten',
  ],
  total: ['total', 'Gesamt', 'totale', 'totaal'],
  status: [
    'transaction status',
    'Transaktionsstatus',
    'Statut de la transaction',
    'Stato della transazione',
    'Estado de la transacción',
    'Transactiestatus',
  ],
} as const

/** What a type is; every other is 'other': transfers, service fees, adjustments, retrocharges. */
export const kindOfTransaction = lineKinds<RowType>({
  Order: 'payment',
  Bestellung: 'payment',
  Commande: 'payment',
  Ordine: 'payment',
  Pedido: 'payment',
  Bestelling: 'payment',
  Refund: 'refund',
  Erstattung: 'refund',
  Remboursement: 'refund',
  Rimborso: 'refund',
  Reembolso: 'refund',
  Terugbetaling: 'refund',
  'A-to-z Guarantee Claim': 'chargeback',
  'A-to-z Guarantee Refund': 'chargeback',
  'Chargeback Refund': 'chargeback',
  'Erstattung durch Rückbuchung': 'chargeback',
  'Remboursement de contestation de prélèvement': 'chargeback',
  'Reembolso de reversión de cargo': 'chargeback',
})

/** Statuses of a line that is not paid out yet; those of other languages than English are inferred. */
export const DEFERRED: ReadonlySet<string> = new Set(
  ['Deferred', 'Zurückgestellt', 'Aufgeschoben', 'Différé', 'Differito', 'Aplazado', 'Uitgesteld'].map(columnKey),
)
