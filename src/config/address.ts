/** The address of a database or a mail server, in which a password may hold any character, written as it is or encoded. */

/** user:password@ up to the last @ that leaves host:port/path?name=value behind it; without an @ there is neither. */
const ADDRESS =
  /^([a-z]+):\/\/(?:([^:@/?#]*)(?::(.*?))?@)??((\[[\da-f:.]+\]|[^\s@/?#:[\]]*)(?::\d{1,5})?(?:\/[^@?#]*)?(?:\?(?:[\w.]+=[^#]*)?)?)$/is

interface Address {
  /** '' where there is none */
  host: string
  /** as it is written and as it is meant; both '' where there is none */
  passwords: readonly [written: string, meant: string]
  /** values of what follows the question mark, by name */
  parameters: ReadonlyMap<string, string>
  /** the address with all that is special in the user and the password encoded, as every parser understands it */
  encoded: string
}

/** Reads an address; null where it is none. A parser of URLs would take what follows a # or / in a password for the path. */
export const readAddress = (text: string): Address | null => {
  const found = ADDRESS.exec(text)
  if (found === null) return null
  const [, scheme = '', user, password, rest = '', host = ''] = found
  const meant = decoded(password ?? '')
  const part = password === undefined ? '' : `:${encodeURIComponent(meant)}`
  const encoded = `${scheme}://${user === undefined ? '' : `${encodeURIComponent(decoded(user))}${part}@`}${rest}`
  // an empty host is a socket's, which a URL does not know
  if (!URL.canParse(host === '' ? encoded.replace(rest, `host${rest}`) : encoded)) return null
  const query = rest.includes('?') ? rest.slice(rest.indexOf('?')) : ''
  return { host, passwords: [password ?? '', meant], parameters: new Map(new URLSearchParams(query)), encoded }
}

/** What %41 and the like stand for; a text with a % of its own as it is. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
