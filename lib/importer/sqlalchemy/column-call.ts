import type { Interpreter } from '../../python/interpreter.ts'
import { Unknown, type Value } from '../../python/values.ts'
import type { ColumnDefinition, ColumnForeignKey } from '../../schema/definition.ts'
import type { ServerDefault } from '../../schema/table.ts'
import { type TypeSpec, unknownType } from '../../schema/type-spec.ts'
import { Arguments, known } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { defaultClause, isColumnType } from './item-calls.ts'
import { optionsEntry } from './read-options.ts'
import { typeFrom } from './read-type.ts'
import { SaComputed, SaConstraint, SaDefault, SaForeignKey, SaIdentity, SaSequence } from './sa-items.ts'
import { nameFrom, plainText, SaName } from './sa-name.ts'
import { type ColumnMore, SaColumn } from './sa-table.ts'

const keywords = [
  ...['name', 'type_', 'autoincrement', 'default', 'doc', 'key', 'index', 'unique', 'info', 'nullable', 'onupdate'],
  ...['primary_key', 'server_default', 'server_onupdate', 'quote', 'system', 'comment', 'insert_sentinel'],
  ...['_proxies', '_warn_on_default'],
]

/** The arguments of `mapped_column` that are not those of Column. */
export const mappedKeywords = [
  ...['init', 'repr', 'default_factory', 'compare', 'kw_only', 'hash', 'use_existing_column', 'deferred'],
  ...['deferred_group', 'deferred_raiseload', 'active_history', 'sort_order', 'insert_default', 'dataclass_metadata'],
]

/** `sa.Column('name', Type, ForeignKey(…), …)` */
export function columnCall(call: Call, isMapped = false): SaColumn {
  const { vm } = call
  const given = new Arguments(call, '*', ...keywords, ...mappedKeywords)
  const rest = [...given.rest].map((value) => vm.resolve(value))
  const name = given.given('name') ?? takeName(rest)
  const typeValue = given.value('type_') ?? takeType(rest)
  const items = rest.filter((value) => value !== null).map((value) => known(vm, value))
  const parts = partsOf(items)
  const nameText = columnName(vm, name)
  const definition: ColumnDefinition = {
    name: nameText,
    type: columnType(vm, typeValue),
    ...flags(given),
    ...defaults(vm, given, parts),
    ...(parts.computed && { computed: parts.computed }),
    ...(parts.identity && { identity: parts.identity }),
    ...(parts.keys.length > 0 && { foreignKeys: parts.keys.map(({ key }) => keyOf(key, nameText)) }),
    ...(parts.checks.length > 0 && { checks: parts.checks }),
    ...optionsEntry(vm, given.more),
  }
  return new SaColumn(
    definition,
    undefined,
    moreOf(given, typeValue, parts, isMapped ? unset(given, name, typeValue) : []),
  )
}

function takeName(rest: Value[]): Value | undefined {
  const [first] = rest
  if (plainText(first ?? null) === undefined && !(first instanceof SaName)) return undefined
  return rest.shift()
}

function takeType(rest: Value[]): Value | undefined {
  const [first] = rest
  return first !== undefined && isColumnType(first) ? rest.shift() : undefined
}

function columnName(vm: Interpreter, value: Value | undefined): string {
  const name = value === undefined ? '' : (nameFrom(vm, value, 'the name of a column') ?? '')
  return typeof name === 'string' ? name : name.fixed
}

/** A type that is not known is told where the column is made, so that everything else about the table stays known. */
function columnType(vm: Interpreter, value: Value | undefined): TypeSpec {
  if (value === undefined) return { kind: 'Null' }
  try {
    return typeFrom(vm, value)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return unknownType(error.message)
  }
}

interface Parts {
  readonly keys: readonly SaForeignKey[]
  readonly checks: NonNullable<ColumnDefinition['checks']>
  readonly computed: ColumnDefinition['computed']
  readonly identity: ColumnDefinition['identity']
  readonly sequence: SaSequence | undefined
  readonly defaults: readonly SaDefault[]
}

function partsOf(items: readonly Value[]): Parts {
  const all = <T>(cls: abstract new (...args: never[]) => T) =>
    items.filter((item): item is T & Value => item instanceof cls)
  const understood = [SaForeignKey, SaConstraint, SaComputed, SaIdentity, SaSequence, SaDefault]
  if (!items.every((item) => understood.some((cls) => item instanceof cls)))
    return unreadable('an argument of Column that is not understood')
  return {
    keys: all(SaForeignKey),
    checks: all(SaConstraint).map(({ constraint }) => {
      if (constraint.kind !== 'check') return unreadable(`a ${constraint.kind} constraint inside a Column`)
      const { kind: _, column: __, typeBound: ___, ...check } = constraint
      return check
    }),
    computed: all(SaComputed)[0]?.computed,
    identity: all(SaIdentity)[0]?.identity,
    sequence: all(SaSequence)[0],
    defaults: all(SaDefault),
  }
}

function keyOf(key: ColumnForeignKey, name: string): ColumnForeignKey {
  return key.targetColumn === '' ? { ...key, targetColumn: name } : key
}

function flags(given: Arguments): Partial<ColumnDefinition> {
  const [nullable, primaryKey] = [given.bool('nullable'), given.bool('primary_key')]
  const [unique, index, comment] = [given.bool('unique'), given.bool('index'), given.optionalText('comment')]
  const autoincrement = given.value('autoincrement')
  return {
    ...(nullable !== undefined && { nullable }),
    ...(primaryKey !== undefined && { primaryKey }),
    ...(unique !== undefined && { unique }),
    ...(index !== undefined && { index }),
    ...(comment !== undefined && { comment }),
    ...(autoincrement !== undefined && { autoincrement: numbering(given, autoincrement) }),
  }
}

function numbering(given: Arguments, value: Value): NonNullable<ColumnDefinition['autoincrement']> {
  const found = known(given.call.vm, value)
  if (found === 'auto' || found === 'ignore_fk' || typeof found === 'boolean') return found
  return found === null ? false : unreadable('autoincrement is not understood')
}

function defaults(vm: Interpreter, given: Arguments, parts: Parts): Partial<ColumnDefinition> {
  const server = given.given('server_default') ?? parts.defaults.find(({ side }) => side === 'server')
  const clause = server === undefined ? undefined : serverDefault(vm, server)
  const client = given.given('default') ?? given.given('insert_default') ?? parts.sequence
  const isClient = client !== undefined || parts.defaults.some(({ side }) => side === 'client')
  // A FetchedValue says nothing in DDL, but it stops the numbering as any default does.
  const stops = isClient || (server !== undefined && clause === undefined)
  return {
    ...(clause !== undefined && { serverDefault: clause }),
    ...(stops && { clientDefault: clientKind(client) }),
  }
}

function clientKind(client: Value | undefined): NonNullable<ColumnDefinition['clientDefault']> {
  if (!(client instanceof SaSequence)) return 'value'
  return client.optional ? 'optionalSequence' : 'sequence'
}

/** The clause after DEFAULT; undefined where only the server knows it. */
function serverDefault(vm: Interpreter, value: Value): ServerDefault | undefined {
  const found = known(vm, value)
  if (found instanceof SaDefault) return found.clause
  return defaultClause(vm, found)
}

function moreOf(
  given: Arguments,
  typeValue: Value | undefined,
  parts: Parts,
  isUnset: ColumnMore['unset'],
): ColumnMore {
  const key = given.optionalText('key')
  const [info, defaultValue, sortOrder] = [given.value('info'), given.given('default'), given.number('sort_order')]
  const onUpdate = given.given('onupdate')
  const asked = defaultValue instanceof SaSequence ? defaultValue : parts.sequence
  return {
    ...(key !== undefined && { key }),
    ...(asked && { sequence: asked }),
    ...(parts.keys.length > 0 && { foreignKeys: parts.keys }),
    ...(typeValue !== undefined && typeValue !== null && !(typeValue instanceof Unknown) && { typeValue }),
    ...(info !== undefined && { info }),
    ...(defaultValue !== undefined && { defaultValue }),
    ...(onUpdate !== undefined && { onUpdate }),
    ...(sortOrder !== undefined && { sortOrder }),
    ...(isUnset && isUnset.length > 0 && { unset: isUnset }),
  }
}

function unset(given: Arguments, name: Value | undefined, type: Value | undefined): ColumnMore['unset'] {
  return [
    ...(type === undefined ? ['type' as const] : []),
    ...(given.has('nullable') ? [] : ['nullable' as const]),
    ...(name === undefined ? ['name' as const] : []),
  ]
}
