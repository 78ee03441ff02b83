/** What a reason quotes of a cell that could not be read (spec section 9). */

/**
 * What was found where a date, an id, an amount or a code was expected, as a reason shows it. Words may be a person's name
 * or address: of these only the length is said.
 */
export const quote = (cell: string): string =>
  cell !== '' && HAS_WORDS.test(cell.replace(NO_NAMES, ' ')) ? `a text of ${cell.length} characters` : quoteWord(cell)

/** Likewise where a word of a few was expected, such as a status or a time zone: what was found is shown. */
export const quoteWord = (cell: string): string =>
  cell === '' ? 'empty' : `'${cell.length > 80 ? `${cell.slice(0, 80)}...` : cell}'`

/** Words of dates, and codes of zones and currencies. */
const NO_NAMES =
  /\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|[ap]\.?m\.?)\b/giu
const HAS_WORDS = /\p{L}{3}/u
