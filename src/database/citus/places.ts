/** The places of a cluster at which a process is at work: each has connections of its own. */

import type { Database } from '../handle.ts'
import { openPlace, type Place, placeOf } from './place.ts'

interface Places {
  /** the database where a business lies; null: here */
  of(coordinator: Database, business_id: string): Promise<Database | null>
  /** does this with each that is open */
  each(work: (placed: Database) => unknown): Promise<void>
}

/** `connect` gives the database at a place. One that was given up is opened anew. */
export function openPlaces(connect: (place: Place) => Database): Places {
  const places = new Map<string, Promise<Database>>()
  return {
    async of(coordinator, business_id) {
      const place = await placeOf(coordinator, business_id)
      if (place === null) return null
      const known = places.get(place.key)
      if (known !== undefined) return await known
      const opening = openPlace(connect(place), place)
      places.set(place.key, opening)
      const forget = (): void => void places.delete(place.key)
      opening.then((placed) => placed.lost, forget).then(forget)
      return await opening
    },
    async each(work) {
      for (const opening of places.values()) await opening.then(work, () => undefined)
    },
  }
}
