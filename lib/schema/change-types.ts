import { dropForeignKeysTo, removeTable } from './edit.ts'
import { enumsOf } from './enum-types.ts'
import type { AlterEnum, DropSchema, Operation } from './operation.ts'
import type { EnumType, Schema, TableName } from './table.ts'
import { tableKey } from './table.ts'
import type { Target } from './target.ts'

/** What operations do to the enums of PostgreSQL, and to schemas. */

export function applyEnum(
  schema: Schema,
  operation: Extract<Operation, { readonly kind: 'createEnum' | 'dropEnum' }>,
): Schema {
  const [type] = enumsOf([operation.type], 'even those not created')
  if (!type) return schema
  if (operation.kind === 'dropEnum') return { ...schema, enums: without(schema.enums, tableKey(type)) }
  return { ...schema, enums: { ...schema.enums, [tableKey(type)]: type } }
}

export function alterEnum(schema: Schema, { type, change }: AlterEnum): Schema {
  const key = tableKey(type)
  const known = Object.hasOwn(schema.enums, key) ? schema.enums[key] : undefined
  if (!known) return schema
  const changed = alteredEnum(known, change)
  return { ...schema, enums: { ...without(schema.enums, key), [tableKey(changed)]: changed } }
}

function alteredEnum(type: EnumType, change: AlterEnum['change']): EnumType {
  if ('name' in change) return { ...type, name: change.name }
  if ('schema' in change) return { ...type, schema: change.schema }
  if ('value' in change) return { ...type, values: type.values.map((v) => (v === change.value ? change.to : v)) }
  const { add, before, after } = change
  if (type.values.includes(add)) return type
  const at =
    before !== undefined ? type.values.indexOf(before) : after !== undefined ? type.values.indexOf(after) + 1 : -1
  return { ...type, values: at < 0 ? [...type.values, add] : type.values.toSpliced(at, 0, add) }
}

/** With a schema go its tables: in MySQL always, in PostgreSQL where CASCADE says so. */
export function dropSchema(schema: Schema, { name, cascade }: DropSchema, { dialect }: Target): Schema {
  const schemas = schema.schemas.filter((s) => s !== name)
  if (!cascade && dialect !== 'mysql') return { ...schema, schemas }
  const inside = Object.values(schema.tables).filter((t) => t.schema === name)
  const outside = <T extends TableName>(things: { readonly [key: string]: T }) =>
    Object.fromEntries(Object.entries(things).filter(([, thing]) => thing.schema !== name))
  const bare = inside.reduce((s, t) => removeTable(dialect === 'mysql' ? s : dropForeignKeysTo(s, t), t), schema)
  return { ...bare, schemas, enums: outside(schema.enums), sequences: outside(schema.sequences) }
}

export function without<T>(record: { readonly [key: string]: T }, key: string): { readonly [key: string]: T } {
  const { [key]: _, ...rest } = record
  return rest
}
