/** What a page of docs/guide shows of commands in the demo's folder: blocks after `<!-- demo -->`. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ShownCommand {
  /** as a shell splits them, without `tieout` */
  words: string[]
  /** as comparable gives it; ... stands for anything */
  output: string
}

/** In the order of the page. */
export const shownCommands = (page: string): ShownCommand[] =>
  [
    ...readFileSync(join(import.meta.dirname, '../../docs/guide', page), 'utf8').matchAll(
      /<!-- demo -->\n```text\n([\s\S]*?)^```/gm,
    ),
  ]
    .flatMap(([, block = '']) => block.split(/^\$ tieout /m).slice(1))
    .map((shown) => {
      const end = shown.indexOf('\n')
      return { words: wordsOf(shown.slice(0, end)), output: comparable(shown.slice(end)) }
    })

const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')

/** Without how lines are broken, and without hashes, a ruling's id and the clock's time, which differ each time. */
export const comparable = (text: string): string =>
  text
    .replace(/\b[0-9a-f]{64}\b|\b[0-9a-f]{8}\.\.\./g, 'HASH')
    .replace(/\b[0-9a-f]{12}\b(?!-)/g, 'RULING')
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, 'INSTANT')
    .replace(/\s+/g, ' ')
    .trim()

/** A pattern for what was shown. */
export const patternOf = (shown: string): RegExp =>
  new RegExp(
    `^${shown
      .split('...')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  )
