/** How often a property is tried: as often as the suite affords, or as a person says who looks further. */

interface Runs {
  numRuns: number
  seed?: number
}

/** `variable=5000 TIEOUT_SEED=7 npx vitest run test/property/...` tries more, from a seed of one's own. */
export function runs(variable: string, usual: number): Runs {
  const seed = process.env['TIEOUT_SEED']
  return { numRuns: Number(process.env[variable] ?? usual), ...(seed === undefined ? {} : { seed: Number(seed) }) }
}
