/** Parts of sentences: a number with its noun, and a day. Every message that counts or dates something is made with them. */

/** '1 payment', '2 payments'; `many` where it is not the singular with an s: counted(2, 'business', 'businesses'). */
export const counted = (count: number | bigint, one: string, many = `${one}s`): string =>
  `${count} ${BigInt(count) === 1n ? one : many}`

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** '7 Nov' of '2026-11-07', with its year where `beside`, a date or month read beside it, is of another: '7 Nov 2026'. */
export const dayText = (date: string, beside = ''): string => {
  const [year = '', month = '', day = ''] = date.split('-')
  const said = `${Number(day)} ${MONTHS[Number(month) - 1] ?? month}`
  return beside.startsWith(year) ? said : `${said} ${year}`
}

/** '7 Nov', '7 to 9 Nov' or '30 Oct to 2 Nov', as no file covers them. */
export const spanText = (from: string, to: string, beside = ''): string => {
  if (from === to) return dayText(from, beside)
  const first = from.slice(0, 7) === to.slice(0, 7) ? String(Number(from.slice(8))) : dayText(from, to)
  return `${first} to ${dayText(to, beside)}`
}
