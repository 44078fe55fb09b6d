import { Bytes } from './bytes.ts'
import type { Methods } from './methods.ts'
import { Tuple, type Value } from './values.ts'

type Numeric = bigint | number | boolean

export const numberMethods: Methods<Numeric> = {
  bit_length: (_vm, self) => {
    const number = BigInt(self)
    return number === 0n ? 0n : BigInt((number < 0n ? -number : number).toString(2).length)
  },
  is_integer: (_vm, self) => Number.isInteger(Number(self)),
  conjugate: (_vm, self): Value => (typeof self === 'boolean' ? BigInt(self) : self),
  as_integer_ratio: (vm, self) => (typeof self === 'bigint' ? new Tuple([self, 1n]) : vm.unknown('a ratio')),
}

function bytesOf(value: Bytes): Uint8Array {
  return Uint8Array.from(value.data, (character) => character.charCodeAt(0))
}

export const bytesMethods: Methods<Bytes> = {
  decode: (vm, self, args) => {
    const encoding = typeof args[0] === 'string' ? args[0].toLowerCase() : 'utf-8'
    if (/^(latin-?1|iso-8859-1)$/.test(encoding)) return self.data
    if (!/^(utf-?8|ascii)$/.test(encoding)) return vm.unknown(`the encoding ${encoding}`)
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(self))
    } catch {
      return vm.raise('UnicodeDecodeError', "'utf-8' codec can't decode bytes")
    }
  },
  hex: (_vm, self) => [...bytesOf(self)].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
  upper: (_vm, self) => new Bytes(self.data.replace(/[a-z]/g, (letter) => letter.toUpperCase())),
  lower: (_vm, self) => new Bytes(self.data.replace(/[A-Z]/g, (letter) => letter.toLowerCase())),
}
