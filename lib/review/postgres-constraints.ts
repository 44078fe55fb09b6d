import type { AddColumn, AddConstraint, AlterColumn } from '../schema/operation.ts'
import { plainName, type TableName } from '../schema/table.ts'
import { checkText, isNotValid } from './condition.ts'
import type { ConstraintState, Found, Rule, Step } from './rule.ts'
import { tableSql, tableText, written } from './wording.ts'

const dialects = ['postgres'] as const

/** Constraints that a statement adds to tables in use, and for which it looks at every row. */
function addedConstraints(step: Step): readonly AddConstraint[] {
  const added = step.operations.flatMap((o) =>
    o.kind === 'addColumn' ? ofColumn(o) : o.kind === 'addConstraint' ? [o] : [],
  )
  return added.filter(({ table }) => !step.isNew(table))
}

/** The keys of a column that is empty in every row are not looked up; a CHECK is. */
function ofColumn({ table, column, constraints = [] }: AddColumn): readonly AddConstraint[] {
  const looked = constraints.filter(({ kind }) => kind !== 'foreignKey' || column.serverDefault !== undefined)
  return looked.map((constraint) => ({ kind: 'addConstraint', table, constraint }))
}

/** A constraint's name as SQL; the server's own name where none is given. */
function nameSql({ constraint, table }: AddConstraint, step: Step): string {
  const given = plainName(constraint.name)
  if (given !== undefined) return written(given, step)
  const columns = 'columns' in constraint ? `_${constraint.columns.join('_')}` : ''
  return written(`${table.name}${columns}_${constraint.kind === 'foreignKey' ? 'fkey' : 'check'}`, step)
}

function inTwoSteps(operation: AddConstraint, definition: string, step: Step): string {
  const [table, name] = [tableSql(operation.table, step), nameSql(operation, step)]
  return [
    `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition} NOT VALID;`,
    '-- in the next file, so that it runs without the lock of this one:',
    `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`,
  ].join('\n')
}

const foreignKey: Rule = {
  name: 'foreign-key-validated-at-once',
  about: 'a foreign key is added without NOT VALID',
  dialects,
  severity: 'warning',
  find: (step) =>
    addedConstraints(step).flatMap((operation) => {
      const { constraint, table } = operation
      if (constraint.kind !== 'foreignKey' || isNotValid(constraint)) return []
      const [columns, target] = [constraint.columns.map((c) => written(c, step)), tableSql(constraint.target, step)]
      const targets = constraint.targetColumns.map((c) => written(c, step))
      const keys = targets.length > 0 ? ` (${targets.join(', ')})` : ''
      return [
        {
          why: `${whoWaits(table, constraint.target, step)} wait until every row has been looked up`,
          safe: inTwoSteps(operation, `FOREIGN KEY (${columns.join(', ')}) REFERENCES ${target}${keys}`, step),
          table,
        },
      ]
    }),
}

/** A foreign key alone keeps only writers out; whatever else the statement does, readers too. */
function whoWaits(table: TableName, target: TableName, { operations }: Step): string {
  const isAlone = operations.every((o) => o.kind === 'addConstraint' && o.constraint.kind === 'foreignKey')
  return isAlone
    ? `writes to ${tableText(table)} and ${tableText(target)}`
    : `all who use ${tableText(table)} and writes to ${tableText(target)}`
}

const check: Rule = {
  name: 'check-validated-at-once',
  about: 'a CHECK is added without NOT VALID',
  dialects,
  severity: 'warning',
  find: (step) =>
    addedConstraints(step).flatMap((operation) => {
      const { constraint, table } = operation
      if (constraint.kind !== 'check' || isNotValid(constraint)) return []
      const text = checkText(constraint)
      return [
        {
          why: `all who use ${tableText(table)} wait until every row has been checked`,
          safe: inTwoSteps(operation, `CHECK (${text})`, step),
          table,
        },
      ]
    }),
}

const key: Rule = {
  name: 'key-without-index',
  about: 'UNIQUE or PRIMARY KEY is added without USING INDEX',
  dialects,
  severity: 'warning',
  find: (step) => addedConstraints(step).flatMap((operation) => addedKey(operation, step)),
}

function addedKey({ constraint, table, usingIndex }: AddConstraint, step: Step): readonly Found[] {
  if ((constraint.kind !== 'unique' && constraint.kind !== 'primaryKey') || usingIndex !== undefined) return []
  const given = plainName(constraint.name)
  const suffix = constraint.kind === 'unique' ? `${constraint.columns.join('_')}_key` : 'pkey'
  const name = written(given ?? `${table.name}_${suffix}`, step)
  const columns = constraint.columns.map((c) => written(c, step)).join(', ')
  const word = constraint.kind === 'unique' ? 'UNIQUE' : 'PRIMARY KEY'
  return [
    {
      why: `all who use ${tableText(table)} wait until the index of the key is built`,
      safe: [
        '-- in a file of its own, under the line "-- sqlmig: no-transaction":',
        `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${tableSql(table, step)} (${columns});`,
        '-- in the next file:',
        `ALTER TABLE ${tableSql(table, step)} ADD CONSTRAINT ${name} ${word} USING INDEX ${name};`,
      ].join('\n'),
      table,
    },
  ]
}

const setNotNull: Rule = {
  name: 'set-not-null',
  about: 'SET NOT NULL without a validated CHECK that says the same',
  dialects,
  severity: 'warning',
  find: (step) =>
    step.operations
      .filter((o): o is AlterColumn => o.kind === 'alterColumn')
      .filter(
        ({ table, column, changes }) =>
          changes.nullable === false && !step.isNew(table) && !isProven(table, column, step),
      )
      .map(({ table, column }) => ({
        why: `all who use ${tableText(table)} wait until every row has been looked at`,
        safe: provenNotNull(table, column, step),
        table,
      })),
}

/** A constraint that is valid says that the column is never NULL, so that the server need not look. */
function isProven(table: TableName, column: string, step: Step): boolean {
  const known = step.table(table)
  if (known?.columns.some((c) => c.name === column && !c.nullable)) return true
  const states = [...step.constraints.values()].filter((c) => c.table.name === table.name && c.validated)
  const checks = known?.constraints.filter((c) => c.kind === 'check' && !step.constraints.has(plainName(c.name) ?? ''))
  const texts = [
    ...states.map(({ check }) => check),
    ...(checks ?? []).map((c) => (c.kind === 'check' ? checkText(c) : '')),
  ]
  const says = new RegExp(`^\\(*\\s*"?${column.replace(/\W/g, '\\$&')}"?\\s+is\\s+not\\s+null\\s*\\)*$`, 'i')
  return texts.some((text) => text?.split(/\s+and\s+/i).some((part) => says.test(part.trim())))
}

function provenNotNull(table: TableName, column: string, step: Step): string {
  const [name, col] = [tableSql(table, step), written(column, step)]
  const constraint = written(`${table.name}_${column}_not_null`, step)
  return [
    `ALTER TABLE ${name} ADD CONSTRAINT ${constraint} CHECK (${col} IS NOT NULL) NOT VALID;`,
    '-- in the next file:',
    `ALTER TABLE ${name} VALIDATE CONSTRAINT ${constraint};`,
    '-- in the one after that; the server trusts the constraint (PostgreSQL 12 and later):',
    `ALTER TABLE ${name} ALTER COLUMN ${col} SET NOT NULL;`,
    `ALTER TABLE ${name} DROP CONSTRAINT ${constraint};`,
  ].join('\n')
}

const validatedAtOnce: Rule = {
  name: 'validate-in-same-transaction',
  about: 'a constraint is added as NOT VALID and validated in the same transaction',
  dialects,
  severity: 'warning',
  find: (step) =>
    step.altered === undefined || !step.file.transactional || step.isNew(step.altered)
      ? []
      : step.actions.flatMap(({ words: [first, second], names: [, , name = ''] }) => {
          const added = first === 'VALIDATE' && second === 'CONSTRAINT' ? step.constraints.get(name) : undefined
          return added?.own ? [validated(name, added, step)] : []
        }),
}

function validated(name: string, { table, check }: ConstraintState, step: Step): Found {
  // a CHECK keeps readers out, a foreign key only those who write
  const waiting = check === undefined ? 'writes to' : 'all who use'
  return {
    why: `the lock of ADD CONSTRAINT is kept until the end of the transaction, so that ${waiting} ${tableText(table)} wait for the validation after all`,
    safe: `-- in a file of its own:\nALTER TABLE ${tableSql(table, step)} VALIDATE CONSTRAINT ${written(name, step)};`,
    table,
  }
}

export const postgresConstraints: readonly Rule[] = [foreignKey, check, key, setNotNull, validatedAtOnce]
