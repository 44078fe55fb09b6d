import { Bytes } from '../../python/bytes.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { quotedJson, writeJson } from '../../python/stdlib/json.ts'
import { floatText } from '../../python/text.ts'
import { Dict, Instance, List, PySet, Tuple, type Value } from '../../python/values.ts'
import type { Literal } from '../../schema/expression.ts'
import { type TypeSpec, typeFamily } from '../../schema/type-spec.ts'
import { known, listOf, notKnown } from '../arguments.ts'
import { unreadable } from '../unreadable.ts'

/** A value of Python as the driver would send it; the type is that of the column it is meant for. */
export function literalFrom(vm: Interpreter, value: Value, type?: TypeSpec): Literal {
  const found = known(vm, value)
  if (type && typeFamily(type) === 'json' && found !== null) return jsonFrom(vm, found)
  if (found === null || typeof found === 'boolean' || typeof found === 'bigint') return found
  if (typeof found === 'string') return found
  if (typeof found === 'number') return floatLiteral(found)
  if (found instanceof Bytes) return { kind: 'bytes', hex: hexOf(found.data) }
  if (found instanceof Instance) return instanceLiteral(vm, found, type)
  if (found instanceof List || found instanceof Tuple || found instanceof PySet) {
    const item = type?.args?.item
    return listOf(vm, found, vm.node).map((each) => literalFrom(vm, each, item))
  }
  if (found instanceof Dict) return unreadable('a dict is given where no JSON column is known')
  return unreadable(`${'label' in found ? found.label : 'what is given'} is no value for SQL`)
}

function hexOf(data: string): string {
  return [...data].map((character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}

/** 1.0 stays 1.0. */
function floatLiteral(value: number): Literal {
  return Number.isInteger(value) ? { kind: 'decimal', text: floatText(value) } : value
}

/** As json.dumps writes it, which is what SQLAlchemy hands to the driver. */
export function jsonFrom(vm: Interpreter, value: Value): Literal {
  if (typeof value === 'string') return { kind: 'json', text: quotedJson(value, true) }
  const text = writeJson(vm, value, new Map(), vm.node)
  return typeof text === 'string' ? { kind: 'json', text } : unreadable(notKnown(reasonOf(text)))
}

function reasonOf(value: Value): string {
  return typeof value === 'object' && value !== null && 'reason' in value ? value.reason : 'a JSON value'
}

function instanceLiteral(vm: Interpreter, value: Instance, type: TypeSpec | undefined): Literal {
  const { name, module } = value.cls
  if (vm.isEnum(value.cls)) return memberLiteral(vm, value, type)
  if (value.volatile) return unreadable(`a ${name} that each run makes anew`)
  const kind = kinds[`${module}.${name}`]
  if (kind) return { kind, text: textOf(vm, value) }
  if (module === 'datetime' && name === 'timedelta') return { kind: 'interval', seconds: secondsOf(value) }
  if (value.native !== undefined) return literalFrom(vm, value.native, type)
  return unreadable(`an object of the class ${name} is no value for SQL`)
}

const kinds: { readonly [name: string]: 'decimal' | 'uuid' | 'date' | 'datetime' | 'time' } = {
  'decimal.Decimal': 'decimal',
  'uuid.UUID': 'uuid',
  'datetime.date': 'date',
  'datetime.datetime': 'datetime',
  'datetime.time': 'time',
}

function textOf(vm: Interpreter, value: Instance): string {
  const text = vm.text(value, 'str')
  return typeof text === 'string' ? text : unreadable(notKnown(text.reason))
}

function secondsOf(value: Instance): number {
  const part = (name: string) => Number(value.map.get(name)?.value ?? 0)
  return part('days') * 86400 + part('seconds') + part('microseconds') / 1e6
}

/** sa.Enum(Color) keeps the names unless it is told otherwise; elsewhere a member that is a string is that string. */
function memberLiteral(vm: Interpreter, member: Instance, type: TypeSpec | undefined): Literal {
  const [name, value] = ['name', 'value'].map((key) => vm.resolve(member.map.get(key)?.value ?? null))
  const labels = type && typeFamily(type) === 'enum' ? type.args?.values : undefined
  if (labels) {
    const fitting = [name, value].find((text) => typeof text === 'string' && labels.includes(text))
    return typeof fitting === 'string' ? fitting : unreadable(`${String(name)} is no label of its Enum`)
  }
  if (member.native !== undefined) return literalFrom(vm, member.native, type)
  return unreadable(`${member.cls.name}.${String(name)} is no value for SQL`)
}
