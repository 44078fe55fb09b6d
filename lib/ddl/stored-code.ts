import type { TableName } from '../schema/table.ts'
import { type DdlEffect, none, unknown } from './effect.ts'
import { Reader, type Setting } from './reader.ts'
import { type Token, tokensOf } from './tokens.ts'

/** Words that begin DDL where they stand before one of the things that the model holds. */
const verbs = ['CREATE', 'ALTER', 'DROP', 'RENAME']
const things = ['TABLE', 'INDEX', 'COLUMN', 'CONSTRAINT', 'SCHEMA', 'DATABASE', 'SEQUENCE', 'TYPE', 'TABLES']
const between = ['UNIQUE', 'TEMP', 'TEMPORARY', 'UNLOGGED', 'OR', 'REPLACE', 'FULLTEXT', 'SPATIAL', 'GLOBAL', 'LOCAL']

/**
 * What code in the database may do to tables: it runs under conditions of its own, so that what it touches is unknown
 * afterwards. Tables that it names in full are told, else it may be any.
 */
export function storedCode(text: string, setting: Setting, what: string): DdlEffect {
  const found = ddlIn(text, setting)
  if (found === undefined) return none
  return unknown(found, `${what} may change it`)
}

/** The tables that DDL in the text is about; undefined where there is none. */
function ddlIn(text: string, setting: Setting): readonly TableName[] | 'all' | undefined {
  const tokens = [...tokensOf(text, setting.lexis)]
  const tables: TableName[] = []
  let any = false
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'string') {
      const inside = inString(token, setting)
      if (inside === 'all') return 'all'
      if (inside) tables.push(...inside)
      any ||= inside !== undefined
    } else if (token.kind === 'word' && verbs.includes(token.upper)) {
      const thing = thingAt(tokens, at + 1)
      if (thing === undefined) continue
      const named = namedAt(text, tokens, thing, setting)
      if (named === 'all') return 'all'
      any = true
      tables.push(...named)
    }
  }
  return any ? tables : undefined
}

/** A string of DDL is put together at run time, unless it is the body of a block. */
function inString({ text }: Token, setting: Setting): readonly TableName[] | 'all' | undefined {
  const body = /^(\$\w*\$)([\s\S]*)\1$/.exec(text)
  if (body) return ddlIn(body[2]!, setting)
  return /\b(?:create|alter|drop|rename)\s+(?:\w+\s+){0,3}?(?:table|index|column|constraint|schema|database|sequence|type)s?\b/i.test(
    text,
  )
    ? 'all'
    : undefined
}

function thingAt(tokens: readonly Token[], from: number): number | undefined {
  let at = from
  while (tokens[at]?.kind === 'word' && between.includes(tokens[at]!.upper)) at++
  return tokens[at]?.kind === 'word' && things.includes(tokens[at]!.upper) ? at : undefined
}

/** The tables behind TABLE, or behind the ON of an index; a type or a sequence is no table. */
function namedAt(
  text: string,
  tokens: readonly Token[],
  thing: number,
  setting: Setting,
): readonly TableName[] | 'all' {
  const { upper } = tokens[thing]!
  const reader = new Reader(text, setting, tokens.slice(thing + 1))
  try {
    if (upper === 'TYPE' || upper === 'SEQUENCE') return []
    if (upper === 'TABLE') {
      reader.take('IF', 'NOT', 'EXISTS')
      reader.take('IF', 'EXISTS')
      reader.take('ONLY')
      const tables = reader.list(() => reader.qualified())
      return reader.take('RENAME', 'TO') ? [...tables, { ...tables[0], name: reader.name() }] : tables
    }
    if (upper !== 'INDEX') return 'all'
    while (!reader.atEnd && !reader.take('ON')) {
      if (reader.sees(';')) return 'all'
      reader.next()
    }
    reader.take('ONLY')
    return [reader.qualified()]
  } catch {
    return 'all'
  }
}
