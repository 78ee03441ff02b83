/**
 * Loaded into a measured process before anything else: at its end it notes its peak resident memory and CPU time in the
 * file named by TIEOUT_BENCH_PEAK. VmHWM where there is /proc: what resourceUsage() calls maxRSS is on Linux no less
 * than the memory of the process that started this one.
 */

import { appendFileSync, readFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const peakKilobytes = () => {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
  } catch {
    return process.resourceUsage().maxRSS
  }
}

const path = process.env['TIEOUT_BENCH_PEAK']
if (isMainThread && path !== undefined) {
  process.once('exit', () => {
    const { user, system } = process.cpuUsage()
    const peak = { peak_mb: peakKilobytes() / 1024, cpu_seconds: (user + system) / 1e6 }
    appendFileSync(path, `${JSON.stringify(peak)}\n`)
  })
}
