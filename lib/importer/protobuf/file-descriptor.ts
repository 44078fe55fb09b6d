/** What is read of a `.proto` file: its enums, and those inside its messages. */
export interface FileProto {
  readonly name: string
  readonly package: string
  readonly enums: readonly EnumProto[]
  readonly messages: readonly MessageProto[]
}

export interface MessageProto {
  readonly name: string
  readonly enums: readonly EnumProto[]
  readonly messages: readonly MessageProto[]
}

export interface EnumProto {
  readonly name: string
  readonly values: readonly EnumValueProto[]
}

export interface EnumValueProto {
  readonly name: string
  readonly number: bigint
}

/** A serialized FileDescriptorProto, each character one byte; undefined where it is none. */
export function readFileDescriptor(bytes: string): FileProto | undefined {
  const fields = fieldsIn(bytes)
  if (!fields) return undefined
  const name = text(fields, 1, '')
  const inPackage = text(fields, 2, '')
  const enums = each(fields, 5, enumOf)
  const messages = each(fields, 4, (inner) => messageOf(inner, 0))
  if (name === undefined || inPackage === undefined || !enums || !messages) return undefined
  return { name, package: inPackage, enums, messages }
}

/** Messages inside messages: more than this nobody writes. */
const deepest = 50

function messageOf(bytes: string, depth: number): MessageProto | undefined {
  const fields = depth > deepest ? undefined : fieldsIn(bytes)
  if (!fields) return undefined
  const name = text(fields, 1)
  const enums = each(fields, 4, enumOf)
  const messages = each(fields, 3, (inner) => messageOf(inner, depth + 1))
  return name === undefined || !enums || !messages ? undefined : { name, enums, messages }
}

function enumOf(bytes: string): EnumProto | undefined {
  const fields = fieldsIn(bytes)
  if (!fields) return undefined
  const name = text(fields, 1)
  const values = each(fields, 2, enumValueOf)
  return name === undefined || !values ? undefined : { name, values }
}

function enumValueOf(bytes: string): EnumValueProto | undefined {
  const fields = fieldsIn(bytes)
  if (!fields) return undefined
  const name = text(fields, 1)
  const number = fields.filter((field) => field.number === 2).at(-1)?.value ?? 0n
  // a negative int32 is written as 64 bits
  return name === undefined || typeof number === 'string' ? undefined : { name, number: BigInt.asIntN(32, number) }
}

interface Field {
  readonly number: number
  /** A varint; else the bytes. */
  readonly value: bigint | string
}

/** Of a field that is there several times the last one counts. */
function text(fields: readonly Field[], number: number, otherwise?: string): string | undefined {
  const last = fields.filter((field) => field.number === number).at(-1)
  if (!last) return otherwise
  return typeof last.value === 'string' && /^[\x20-\x7e]*$/.test(last.value) ? last.value : undefined
}

function each<T>(
  fields: readonly Field[],
  number: number,
  read: (bytes: string) => T | undefined,
): readonly T[] | undefined {
  const found: T[] = []
  for (const field of fields) {
    if (field.number !== number) continue
    const one = typeof field.value === 'string' ? read(field.value) : undefined
    if (one === undefined) return undefined
    found.push(one)
  }
  return found
}

const fixed: Readonly<Record<number, number>> = { 1: 8, 5: 4 }

/** The fields of a message on the wire; undefined where the bytes end too early, or hold a group. */
function fieldsIn(bytes: string): readonly Field[] | undefined {
  const fields: Field[] = []
  let at = 0
  while (at < bytes.length) {
    const key = varint(bytes, at)
    if (!key) return undefined
    at = key.end
    const number = Number(key.value >> 3n)
    const wire = Number(key.value & 7n)
    const lead = wire === 0 || wire === 2 ? varint(bytes, at) : undefined
    const length = wire === 2 ? Number(lead?.value) : fixed[wire]
    if (wire === 0 && lead) {
      fields.push({ number, value: lead.value })
      at = lead.end
      continue
    }
    const from = lead?.end ?? at
    if (length === undefined || !(from + length <= bytes.length)) return undefined
    // numbers of fixed length are nothing that is read here
    if (wire === 2) fields.push({ number, value: bytes.slice(from, from + length) })
    at = from + length
  }
  return fields
}

function varint(bytes: string, start: number): { readonly value: bigint; readonly end: number } | undefined {
  let value = 0n
  for (let at = start; at < bytes.length && at < start + 10; at++) {
    const byte = bytes.charCodeAt(at)
    value |= BigInt(byte & 127) << BigInt(7 * (at - start))
    if (byte < 128) return { value, end: at + 1 }
  }
  return undefined
}
