/** What every connection is told when it begins. */

/** The timeouts are far above any honest wait; they end a hang. */
const SESSION_SETTINGS = `
  set TimeZone = 'UTC'; set DateStyle = 'ISO, YMD'; set jit = off;
  set lock_timeout = '5min'; set statement_timeout = '2h';
  set idle_in_transaction_session_timeout = '2h'; set idle_session_timeout = 0`

/** A killed job's statement must not go on and hold its locks: the server looks whether we are still there. */
const LOOK_AFTER_US = `set client_connection_check_interval = '2s'`

/** A machine that is gone says no goodbye: its locks are free after two minutes, not the two hours of most systems. */
const MISS_US = 'set tcp_keepalives_idle = 60; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 6'

/** Sets a new connection up. */
export async function setUp(client: { query(sql: string): Promise<unknown> }): Promise<void> {
  try {
    await client.query([SESSION_SETTINGS, LOOK_AFTER_US, MISS_US].join(';'))
  } catch {
    // Servers on some platforms cannot look, and refuse the setting, and with it all that was asked at once.
    await client.query(SESSION_SETTINGS)
    await client.query(LOOK_AFTER_US).catch(() => undefined)
    await client.query(MISS_US).catch(() => undefined)
  }
}
