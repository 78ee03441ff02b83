/** The kinds of values of the JSON report. */

import { z } from 'zod'

export const text = z.string()
export const text_or_null = text.nullable()
/** Amounts and counts may lie beyond 2^53, where a parsed number is the nearest that a float can hold. */
export const integer = z.number().refine(Number.isInteger, 'expected an integer').meta({ type: 'integer' })
export const integer_or_null = integer.nullable()
export const month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)
export const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
export const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/)
export const direction = z.enum(['customer', 'vendor'])
export const measure = z.enum(['amount', 'refund_fee', 'returned_fee'])
export const business_id = z.uuid()
