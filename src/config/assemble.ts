/** Makes the configuration of what tieout.yaml and the environment say: absolute paths, amounts, defaults. */

import { dirname, resolve } from 'node:path'
import { readAddress } from './address.ts'
import type { Unset } from './file.ts'
import { notifyOf } from './notify.ts'
import { secretsOf } from './secrets.ts'
import type { BusinessShape, ConfigShape, MappingShape, ProcessorShape } from './shape.ts'
import type { BusinessConfig, Config, DeskConfig, LayerConfig, MappingConfig, ProcessorConfig } from './types.ts'

/** The parsed mapping of `businesses[b].processors[p].format`, if that is a mapping. */
type MappingAt = (business: number, processor: number) => MappingShape | undefined

/** Ways of paying that involve no processor. */
const OUTSIDE_METHODS = ['CASH', 'CHECK', 'CREDIT_BALANCE']

interface AssembledWith {
  path: string
  hash: string
  unset: readonly Unset[]
  mappingAt: MappingAt
  environment: Readonly<Record<string, string | undefined>>
}

/** `path` is the configuration file's: all paths are relative to its folder, those in files of businesses_dir too. */
export const assemble = (shape: ConfigShape, { path, hash, unset, mappingAt, environment }: AssembledWith): Config => {
  const folder = dirname(path)
  const layer = layerOf(shape.layer, unset)
  const desk = deskOf(shape.desk, folder, unset)
  const database = shape.database?.url ?? ''
  const { notify, reports } = shape
  return {
    path,
    hash,
    database: { url: readAddress(database)?.encoded ?? null },
    data_dir: resolve(folder, shape.data_dir),
    layer,
    reports: {
      dir: resolve(folder, reports.dir),
      formats: [...new Set(reports.formats)],
      url: reports.url?.replace(/\/+$/, '') ?? null,
      per_business: reports.per_business,
    },
    businesses: shape.businesses.map((business, b) =>
      businessOf(business, folder, (processor) => mappingAt(b, processor)),
    ),
    notify: notifyOf(notify, folder),
    unset,
    people: shape.people,
    desk,
    secrets: secretsOf(
      layer,
      desk,
      [database, notify?.email?.smtp, notify?.webhook?.url, notify?.ping],
      [environment['PGPASSWORD']],
    ),
  }
}

const businessOf = (
  { rate_tolerance, ...business }: BusinessShape,
  folder: string,
  mappingAt: (processor: number) => MappingShape | undefined,
): BusinessConfig => ({
  ...business,
  name: business.name ?? business.id,
  outside: {
    methods: business.outside?.methods ?? OUTSIDE_METHODS,
    processors: business.outside?.processors ?? [],
  },
  rates: business.rates === null ? null : resolve(folder, business.rates),
  rate_tolerance_bp: rate_tolerance,
  materiality: { item: business.materiality?.item ?? null, month: business.materiality?.month ?? null },
  processors: business.processors.map((entry, p) => processorOf(entry, folder, mappingAt(p))),
})

const processorOf = (entry: ProcessorShape, folder: string, mapping: MappingShape | undefined): ProcessorConfig => ({
  ...entry,
  format: mapping ? mappingOf(mapping, entry.time_zone) : String(entry.format),
  inbox: entry.inbox.map((glob) => resolve(folder, glob)),
  amount_tolerance: BigInt(entry.amount_tolerance),
  fee_tolerance: BigInt(entry.fee_tolerance),
})

const mappingOf = (mapping: MappingShape, timeZone: string): MappingConfig => ({
  ...mapping,
  vendor_refund_sign: mapping.vendor_refund_sign ?? mapping.refund_sign,
  time_zone: mapping.time_zone ?? timeZone,
})

/** What the environment lacks of a section, as the command says it that needs it. */
const lacking = (section: string, unset: readonly Unset[]): { unset?: string } => {
  const missing = unset.find(({ key }) => key.startsWith(section))
  return missing ? { unset: missing.says } : {}
}

const deskOf = (desk: ConfigShape['desk'], folder: string, unset: readonly Unset[]): DeskConfig => ({
  ...desk,
  listen: desk.listen.includes('/') ? resolve(folder, desk.listen) : desk.listen,
  proxy_secret: desk.proxy_secret === '' ? null : desk.proxy_secret,
  ...lacking('desk.', unset),
})

const layerOf = (layer: ConfigShape['layer'], unset: readonly Unset[]): LayerConfig => {
  const base_url = (layer?.base_url ?? 'https://sandbox.layerfi.com').replace(/\/+$/, '')
  if (!layer || (layer.token === '' && (layer.client_id === '' || layer.client_secret === '')))
    return { base_url, auth: null, ...lacking('layer.', unset) }
  if (layer.token !== '') return { base_url, auth: { kind: 'token', token: layer.token } }
  const stage = new URL(base_url).hostname.startsWith('api') ? 'production' : 'sandbox'
  return {
    base_url,
    auth: {
      kind: 'client',
      client_id: layer.client_id,
      client_secret: layer.client_secret,
      token_url: layer.token_url ?? 'https://auth.layerfi.com/oauth2/token',
      scope: layer.scope ?? `${base_url}/${stage}`,
    },
  }
}
