/** What is set in each session, and how an address is given to pg. */

import { quoted } from './own-schema.ts'

/** The timeouts are far above any honest wait; they end a hang. */
const SESSION_SETTINGS = `
  set TimeZone = 'UTC'; set DateStyle = 'ISO, YMD'; set jit = off;
  set lock_timeout = '5min'; set statement_timeout = '2h';
  set idle_in_transaction_session_timeout = '2h'; set idle_session_timeout = 0; set client_min_messages = warning`

/** A killed job's statement must not go on and hold its locks: the server looks whether we are still there. */
const LOOK_AFTER_US = `set client_connection_check_interval = '2s'`

/** A machine that is gone says no goodbye: its locks are free after two minutes, not the two hours of most systems. */
const MISS_US = 'set tcp_keepalives_idle = 60; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 6'

/** sslmode means what it means to psql: `require` encrypts, `verify-full` checks the certificate too. */
export const withPsqlSslModes = (url: string): string =>
  /[?&]sslmode=/.test(url) && !url.includes('uselibpqcompat=') ? `${url}&uselibpqcompat=true` : url

/** Sets a session up, with what is its `own`; with a `schema`, names are looked up there and in pg_catalog only. */
export async function setUp(
  client: { query(sql: string): Promise<unknown> },
  schema: string | null,
  own = '',
): Promise<void> {
  const path = schema === null ? '' : `set search_path = ${quoted(schema)}`
  const settings = [SESSION_SETTINGS, path, own].filter((sql) => sql !== '').join(';')
  try {
    await client.query([settings, LOOK_AFTER_US, MISS_US].join(';'))
  } catch {
    // Servers on some platforms cannot look, and refuse the setting, and with it all that was asked at once.
    await client.query(settings)
    await client.query(LOOK_AFTER_US).catch(() => undefined)
    await client.query(MISS_US).catch(() => undefined)
  }
}
