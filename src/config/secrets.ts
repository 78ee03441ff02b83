/** What of a configuration no output may show. */

import { readAddress } from './address.ts'
import type { DeskConfig, LayerConfig } from './types.ts'

/** Parameters of an address that are secrets by themselves. */
const SECRET_PARAMETER = /pass|secret|token|key/i

/**
 * `addresses`: of those of a webhook or a ping the whole path is a secret, of the others the password.
 * `environment`: what libraries take from there by themselves.
 */
export const secretsOf = (
  layer: LayerConfig,
  desk: DeskConfig,
  addresses: readonly (string | null | undefined)[],
  environment: readonly (string | undefined)[],
): string[] => {
  const secrets: string[] = environment.filter((text) => text !== undefined)
  if (layer.auth?.kind === 'token') secrets.push(layer.auth.token)
  if (layer.auth?.kind === 'client') {
    const { client_id, client_secret } = layer.auth
    secrets.push(client_secret, Buffer.from(`${client_id}:${client_secret}`).toString('base64'))
  }
  if (desk.proxy_secret !== null) secrets.push(desk.proxy_secret)
  for (const address of addresses) {
    if (!address) continue
    if (address.startsWith('http')) {
      const { pathname, search } = new URL(address)
      if (pathname.length > 8 || search !== '') secrets.push(address, `${pathname}${search}`)
      if (pathname.length > 8) secrets.push(pathname)
    }
    const read = readAddress(address)
    secrets.push(...(read?.passwords ?? []))
    for (const [name, value] of read?.parameters ?? []) if (SECRET_PARAMETER.test(name)) secrets.push(value)
  }
  return [...new Set(secrets)].filter((text) => text !== '')
}
