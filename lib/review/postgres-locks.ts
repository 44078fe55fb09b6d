import type { AlterEnum } from '../schema/operation.ts'
import { tableKey } from '../schema/table.ts'
import { reading } from './reading.ts'
import type { Rule, Step } from './rule.ts'
import { statementSql, tableSql, tableText } from './wording.ts'

const dialects = ['postgres'] as const

const lockTable: Rule = {
  name: 'lock-table',
  about: 'LOCK TABLE keeps others out until the end of the transaction',
  dialects,
  severity: 'warning',
  find: (step) => {
    if (step.words[0] !== 'lock') return []
    const locked = reading(step, (reader) => {
      reader.take('LOCK')
      reader.take('TABLE')
      reader.take('ONLY')
      const table = reader.table()
      while (!reader.atEnd && !reader.sees('IN')) reader.next()
      const from = reader.mark
      reader.skipAll()
      return { table, mode: reader.text(from).toUpperCase() }
    })
    if (
      !locked ||
      step.isNew(locked.table) ||
      /ACCESS SHARE|ROW SHARE|ROW EXCLUSIVE/.test(withoutShareRow(locked.mode))
    )
      return []
    return [
      {
        why: `who uses ${tableText(locked.table)} waits until the whole file is done`,
        safe: '-- leave it out: each statement takes the lock that it needs, and sqlmig tries again where that takes long',
        table: locked.table,
      },
    ]
  },
}

/** SHARE ROW EXCLUSIVE keeps writers out, ROW EXCLUSIVE does not. */
function withoutShareRow(mode: string): string {
  return mode.replace('SHARE ROW EXCLUSIVE', '')
}

const maintenance: Rule = {
  name: 'blocking-maintenance',
  about: 'VACUUM FULL, CLUSTER and REFRESH MATERIALIZED VIEW keep readers out',
  dialects,
  severity: 'warning',
  find: (step) => {
    const [first, second] = step.words
    if (first === 'vacuum' && /\bfull\b/i.test(step.text))
      return [
        {
          why: 'VACUUM FULL writes the table anew, and nobody can read or write it meanwhile',
          safe: statementSql(step.text.replace(/\(\s*full\s*\)\s*|\bfull\s+/i, '')),
        },
      ]
    if (first === 'cluster' && second !== undefined)
      return [
        {
          why: 'CLUSTER writes the table anew, and nobody can read or write it meanwhile',
          safe: '-- leave it out, or use pg_repack outside of the migrations',
        },
      ]
    if (first !== 'refresh' || step.words.includes('concurrently') || step.words.includes('no')) return []
    return isNewView(step)
      ? []
      : [
          {
            why: 'nobody can read the view until it is refreshed',
            safe: `-- the view needs a unique index:\n${statementSql(step.text.replace(/\bview\b/i, 'VIEW CONCURRENTLY'))}`,
          },
        ]
  },
}

function isNewView({ file, words }: Step): boolean {
  return file.steps.some(
    (other) => other.words[0] === 'create' && other.words[1] === 'materialized' && other.words.includes(words[3] ?? ''),
  )
}

const enumValue: Rule = {
  name: 'enum-value-used-too-early',
  about: 'a value is added to an enum and used in the same transaction',
  dialects,
  severity: 'error',
  find: (step) =>
    !step.file.transactional
      ? []
      : step.operations
          .filter((o): o is AlterEnum => o.kind === 'alterEnum')
          .flatMap(({ type, change }) => {
            if (!('add' in change) || isOwnType(type.name, step)) return []
            const use = firstUse(change.add, step)
            if (!use) return []
            const [name, value] = [tableSql(type, step), `'${change.add.replaceAll("'", "''")}'`]
            return [
              {
                why: `the statement in line ${use.place.line} uses ${value}, which PostgreSQL refuses until the value is committed`,
                safe: `-- in a file of its own, before this one:\nALTER TYPE ${name} ADD VALUE ${value};`,
              },
            ]
          }),
}

/** The values of a type that the same transaction makes can be used at once. */
function isOwnType(name: string, { file }: Step): boolean {
  return file.steps.some(({ operations }) =>
    operations.some((o) => o.kind === 'createEnum' && o.type.args?.name === name),
  )
}

/** Any later literal of that text; comparing text with it would not count, but who writes that? */
function firstUse(value: string, step: Step): Step | undefined {
  const literal = `'${value.replaceAll("'", "''")}'`
  const later = step.file.steps.slice(step.file.steps.indexOf(step) + 1)
  return later.find(({ text, words }) => words[0] !== 'comment' && !isEnumChange(words) && text.includes(literal))
}

function isEnumChange(words: readonly string[]): boolean {
  return words[0] === 'alter' && words[1] === 'type'
}

const cascade: Rule = {
  name: 'drop-cascade',
  about: 'DROP … CASCADE takes along what it does not name',
  dialects,
  severity: 'warning',
  find: (step) => {
    const [first, what] = step.words
    if (first !== 'drop' || !['type', 'domain', 'schema', 'extension'].includes(what ?? '')) return []
    if (!/\bcascade\s*$/i.test(step.text)) return []
    const name = reading(step, (reader) => {
      reader.next()
      reader.next()
      reader.take('IF', 'EXISTS')
      return reader.qualified()
    })
    if (name && Object.hasOwn(step.before.enums, tableKey(name)) && isOwnType(name.name, step)) return []
    return [
      {
        why: `CASCADE drops everything that depends on the ${what}, columns too, and names none of it`,
        safe: statementSql(step.text.replace(/\s*\bcascade\s*$/i, '')),
      },
    ]
  },
}

export const postgresLocks: readonly Rule[] = [lockTable, maintenance, enumValue, cascade]
