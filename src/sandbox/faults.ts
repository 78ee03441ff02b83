/** Faults on purpose, so that a client can be seen to live with them. */

export const FAULTS = [
  'rate-limit',
  'server-error',
  'slow',
  'cut-off',
  'expired-token',
  'no-answer',
  'lost-answer',
] as const

/**
 * rate-limit: 429. server-error: 500. slow: answers late. cut-off: the body breaks off. expired-token: 401.
 * no-answer: never answers. lost-answer: does what it was asked, then breaks the connection without a word.
 */
export type Fault = (typeof FAULTS)[number]

export interface FaultSettings {
  fault: Fault
  /** how often each request (method and URL) meets it; Infinity: always */
  count: number
  /** of `slow` */
  delay_ms: number
}

export interface Faults {
  /** The fault that this request meets, if any. */
  meets(method: string, url: string): Fault | null
  set(settings: FaultSettings | null): void
  delay(): Promise<void>
}

export function createFaults(first: FaultSettings | null, sleep: (ms: number) => Promise<void>): Faults {
  let settings = first
  let met = new Map<string, number>()
  return {
    meets(method, url) {
      if (settings === null) return null
      const request = `${method} ${url}`
      const count = (met.get(request) ?? 0) + 1
      met.set(request, count)
      return count <= settings.count ? settings.fault : null
    },
    set(next) {
      settings = next
      met = new Map()
    },
    delay: () => sleep(settings?.delay_ms ?? 0),
  }
}
