/** Turns what pg and the network throw into a DatabaseFault that says place, what was found and what to do. */

import { DatabaseFault, isFault } from '../core/errors.ts'

/** SQLSTATE or Node's code -> what to do. The class (first two characters) stands in where the code is not listed. */
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: start the server, or correct host and port in database.url',
  ENOENT: 'no server has its socket there: start the server, or correct database.url',
  EACCES: 'the socket may not be opened by this user: correct database.url or the permissions',
  ENOTFOUND: 'no such host: correct the host in database.url',
  EAI_AGAIN: 'the host name cannot be resolved just now: check the network, then run again',
  ETIMEDOUT: 'no answer: check host, port and firewall of database.url, then run again',
  ECONNRESET: 'the connection broke: check the server and the network, then run again',
  EPIPE: 'the connection broke: check the server and the network, then run again',
  EHOSTUNREACH: 'the host cannot be reached: check the network and the host in database.url',
  ENETUNREACH: 'the host cannot be reached: check the network and the host in database.url',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is not known here: add sslrootcert=FILE to database.url',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is not known here: add sslrootcert=FILE to database.url',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is not known here: add sslrootcert=FILE to database.url',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate is not known here: add sslrootcert=FILE to database.url',
  ERR_INVALID_URL: 'database.url must look like postgresql://USER:PASSWORD@HOST:PORT/DATABASE',
  '28P01': 'correct user and password in database.url',
  '28000': 'the server does not let this user in: correct database.url or the pg_hba.conf of the server',
  '3D000': 'create the database first, or correct its name in database.url',
  '42501': 'grant this user the right, or use another user in database.url',
  '42P01': 'run `tieout migrate` first',
  '53100': 'the disk of the server is full: make room, then run again',
  '53300': 'the server has no free connection: wait or raise its max_connections, then run again',
  '55P03': 'another run holds a lock: wait until it is done, then run again',
  '57014': 'the statement was cancelled or took too long: run again when the server is less busy',
  '25006': 'this server is read-only: name the primary server in database.url',
  '08': 'the connection broke: check the server and the network, then run again',
  '40': 'another run was in the way: run again',
  '53': 'the server is short of something it names: relieve it, then run again',
  '57': 'the server is stopping or starting: run again when it is up',
}

/** The code of an error of pg, of a socket or of a connection tried at several addresses; '' where it has none. */
function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code
  return ''
}

/** The SQLSTATE or network code behind an error, a fault of ours included; '' where there is none. */
export const errorCode = (error: unknown): string => codeOf(isFault(error) ? error.cause : error)

/** pg says a broken connection in words only. */
const isBroken = (error: Error): boolean =>
  /^(Connection terminated|Client has encountered|timeout e)/i.test(error.message)

/** The place of a statement that has no name. */
export const SOMEWHERE = 'the database'

/**
 * `place` says what was tried ("connecting to db.example:5432/books as clerk", "sql/match/refund_id.sql").
 * The fault's cause is the error itself, with its SQLSTATE in `code`. A fault that names its place is handed on as it is.
 */
export function explain(error: unknown, place: string): Error {
  if (isFault(error)) {
    const unplaced = error instanceof DatabaseFault && error.message.startsWith(`${SOMEWHERE}: `)
    return unplaced && error.cause !== undefined && place !== SOMEWHERE ? explain(error.cause, place) : error
  }
  if (!(error instanceof Error)) return new DatabaseFault(`${place}: ${String(error)}`)
  const code = codeOf(error)
  const advice = ADVICE[code] ?? ADVICE[isBroken(error) ? '08' : code.slice(0, 2)]
  const found = error.message === '' ? code : error.message
  const named = code === '' || found.includes(code) ? found : `${found} (${code})`
  return new DatabaseFault(advice === undefined ? `${place}: ${named}` : `${place}: ${named}; ${advice}`, {
    cause: error,
  })
}
