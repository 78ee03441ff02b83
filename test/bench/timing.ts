/** Timing: what is compared runs by turns, so that a machine that slows down slows both. */

/** One run of something. `cpu_seconds`: of its process and the server's processes that worked for it, where known. */
export interface Run {
  seconds: number
  cpu_seconds: number | null
  /** MB; null where it was no process of its own */
  peak_mb: number | null
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

/** The middle one; between the middle two of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(half) - 1] ?? Number.NaN, sorted[Math.floor(half)] ?? Number.NaN]
  return (low + high) / 2
}

/** base, job, base, job ... base: the job stands between two runs of what it is compared with. */
export async function byTurns(
  rounds: number,
  base: () => Promise<Run>,
  job: (round: number) => Promise<Run>,
): Promise<{ bases: Run[]; jobs: Run[] }> {
  const bases = [await base()]
  const jobs: Run[] = []
  for (let round = 1; round <= rounds; round += 1) {
    jobs.push(await job(round))
    bases.push(await base())
  }
  return { bases, jobs }
}
