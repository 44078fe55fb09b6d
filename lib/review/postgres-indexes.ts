import type { CreateIndex, DropIndex } from '../schema/operation.ts'
import { plainName, type Table, type TableName } from '../schema/table.ts'
import type { Found, Rule, Step } from './rule.ts'
import { statementSql, tableSql, tableText, written } from './wording.ts'

const dialects = ['postgres'] as const

/** CONCURRENTLY is one of the first words of a statement about an index. */
export function isConcurrent({ words }: Step): boolean {
  return words.slice(0, 5).includes('concurrently')
}

const createIndex: Rule = {
  name: 'index-not-concurrent',
  about: 'CREATE INDEX without CONCURRENTLY on a table that is in use',
  dialects,
  severity: 'warning',
  find: (step) =>
    step.words[0] !== 'create' || isConcurrent(step)
      ? []
      : step.operations
          .filter((o): o is CreateIndex => o.kind === 'createIndex')
          .filter(({ table }) => !step.isNew(table))
          .map(({ table }) => ({
            why: `writes to ${tableText(table)} wait until the index is built`,
            safe: isPartitioned(step.table(table)) ? ofPartitions(table, step) : concurrently(step.text, 'index'),
            table,
          })),
}

function isPartitioned(table: Table | undefined): boolean {
  return table?.options?.postgresql_partition_by !== undefined
}

/** The same statement with CONCURRENTLY, in a file that runs outside of a transaction. */
function concurrently(text: string, word: string): string {
  const sql = statementSql(text.replace(new RegExp(`\\b${word}\\b`, 'i'), (found) => `${found} CONCURRENTLY`))
  return `-- in a file of its own, under the line "-- sqlmig: no-transaction":\n${sql}`
}

/** CONCURRENTLY is refused for the whole of a partitioned table. */
function ofPartitions(table: TableName, step: Step): string {
  return [
    `CREATE INDEX … ON ONLY ${tableSql(table, step)} …;`,
    '-- then for each partition, outside of a transaction:',
    'CREATE INDEX CONCURRENTLY … ON …;',
    'ALTER INDEX … ATTACH PARTITION …;',
  ].join('\n')
}

const dropIndex: Rule = {
  name: 'drop-index-not-concurrent',
  about: 'DROP INDEX without CONCURRENTLY',
  dialects,
  severity: 'warning',
  find: (step) => {
    if (step.words[0] !== 'drop' || isConcurrent(step)) return []
    const drops = step.operations.filter((o): o is DropIndex => o.kind === 'dropIndex')
    return drops.filter((drop) => !isOfNewTable(drop, step)).map((drop) => droppedIndex(drop, step))
  },
}

function isOfNewTable({ name }: DropIndex, step: Step): boolean {
  const index = plainName(name)!
  const owner = Object.values(step.before.tables).find((t) => t.indexes.some((i) => plainName(i.name) === index))
  return step.isNewIndex(index) || (owner !== undefined && step.isNew(owner))
}

function droppedIndex({ name }: DropIndex, step: Step): Found {
  return {
    why: `all who use the table of ${plainName(name)} wait for this, and it waits for all of them`,
    safe: concurrently(step.text, 'index'),
  }
}

const reindex: Rule = {
  name: 'reindex-not-concurrent',
  about: 'REINDEX without CONCURRENTLY',
  dialects,
  severity: 'warning',
  find: (step) =>
    step.words[0] !== 'reindex' || step.words.includes('concurrently')
      ? []
      : [
          {
            why: 'writes to the table wait until the index is built anew, and so do reads that would use it',
            safe: concurrently(step.text, step.words[1] ?? 'index'),
          },
        ],
}

const hiddenIndex: Rule = {
  name: 'concurrent-if-not-exists',
  about: 'CREATE INDEX CONCURRENTLY IF NOT EXISTS passes over an index that is half built, or another one',
  dialects,
  severity: 'note',
  find: (step) =>
    step.words[0] !== 'create' || !isConcurrent(step)
      ? []
      : step.operations
          .filter((o): o is CreateIndex => o.kind === 'createIndex' && o.ifNotExists === true)
          .map(({ table, index }) => ({
            why: 'an index of that name counts as done, on whatever columns; one that is half built (INVALID) is refused by sqlmig, but passed over by psql',
            safe: `${statementSql(step.text.replace(/\bif\s+not\s+exists\s+/i, ''))}\n-- what may be there before:\nDROP INDEX CONCURRENTLY IF EXISTS ${written(plainName(index.name) ?? `… of ${tableText(table)}`, step)};`,
          })),
}

export const postgresIndexes: readonly Rule[] = [createIndex, dropIndex, reindex, hiddenIndex]
