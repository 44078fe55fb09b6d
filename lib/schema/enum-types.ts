import type { EnumType } from './table.ts'
import { type TypeSpec, typeOn } from './type-spec.ts'

/** The enum types of PostgreSQL that CREATE TABLE makes on its way, each once. */
export function enumsOf(types: readonly TypeSpec[], which?: 'even those not created'): readonly EnumType[] {
  const found = types.flatMap((spec) => enumIn(typeOn(spec, 'postgres'), which !== undefined))
  return [...new Map(found.map((e) => [`${e.schema ?? ''}.${e.name}`, e])).values()]
}

function enumIn(spec: TypeSpec, all: boolean): readonly EnumType[] {
  const { item, name, schema, values = [], nativeEnum = true, createType = true } = spec.args ?? {}
  if (spec.kind === 'ARRAY' && item) return enumIn(typeOn(item, 'postgres'), all)
  if ((spec.kind !== 'Enum' && spec.kind !== 'ENUM') || !name || !nativeEnum) return []
  // `create_type` is a parameter of postgresql.ENUM alone; sa.Enum swallows it without effect.
  if (!all && spec.origin === 'postgres' && !createType) return []
  return [{ name, values, ...(schema !== undefined && { schema }) }]
}
