import type { BlockTracker } from '../text/lexis.ts'

/**
 * Blocks of PostgreSQL: the body of an SQL-standard function (BEGIN ATOMIC … END, with CASE … END inside) and the
 * parenthesised actions of CREATE RULE.
 */
export function postgresBlocks(): BlockTracker {
  let kind: 'unknown' | 'routine' | 'rule' | 'other' = 'unknown'
  let depth = 0
  let parentheses = 0
  let previous = ''
  return {
    token(token, word) {
      if (token === 'open') parentheses++
      else if (token === 'close') parentheses--
      else if (token === 'word') {
        if (kind === 'unknown') kind = kindOf(word)
        if (kind === 'routine') depth += step(word, previous, depth)
      }
      previous = word
    },
    get inside() {
      return depth > 0 || (kind === 'rule' && parentheses > 0)
    },
    what: 'a block',
  }
}

function kindOf(word: string): 'unknown' | 'routine' | 'rule' | 'other' {
  if (word === 'function' || word === 'procedure') return 'routine'
  if (word === 'rule') return 'rule'
  return word === 'create' || word === 'or' || word === 'replace' ? 'unknown' : 'other'
}

function step(word: string, previous: string, depth: number): number {
  if (word === 'atomic' && previous === 'begin') return 1
  if (depth === 0) return 0
  if (word === 'case') return 1
  return word === 'end' ? -1 : 0
}
