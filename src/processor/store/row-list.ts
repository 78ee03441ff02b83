/** The packed list of the rows that a file has: row numbers ascending, each as a step of 4 bytes (row_step of the schema). */

/** A step that goes on in the next 4 bytes. */
const GOES_ON = 0x7fffffff

/** The row numbers of a packed list. */
export function* rowsOf(list: Buffer | null): Generator<bigint> {
  let row_no = 0
  for (let place = 0; list !== null && place + 4 <= list.length; place += 4) {
    const step = list.readInt32BE(place)
    row_no += step
    if (step !== GOES_ON) yield BigInt(row_no)
  }
}
