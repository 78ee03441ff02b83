/** What of a configuration no output may show. */

import type { DeskConfig, LayerConfig } from './types.ts'

/** `addresses`: of those of a webhook or a ping the whole path is a secret, of the others the password. */
export const secretsOf = (
  layer: LayerConfig,
  desk: DeskConfig,
  addresses: readonly (string | null | undefined)[],
): string[] => {
  const secrets: string[] = []
  if (layer.auth?.kind === 'token') secrets.push(layer.auth.token)
  if (layer.auth?.kind === 'client') secrets.push(layer.auth.client_secret)
  if (desk.proxy_secret !== null) secrets.push(desk.proxy_secret)
  for (const address of addresses) {
    if (!address || !URL.canParse(address)) continue
    const { password, protocol, pathname } = new URL(address)
    if (password !== '') secrets.push(password, decoded(password))
    if (protocol.startsWith('http') && pathname.length > 8) secrets.push(address, pathname)
  }
  return [...new Set(secrets)]
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
