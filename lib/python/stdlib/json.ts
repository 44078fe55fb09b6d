import type { Span } from '../ast.ts'
import { callValue } from '../calls.ts'
import { setEntry } from '../eval.ts'
import type { Interpreter } from '../interpreter.ts'
import { plain } from '../operators.ts'
import { floatText, textOf } from '../text.ts'
import { Dict, Guarded, type Kwargs, List, Tuple, Unknown, type Value } from '../values.ts'

interface Style {
  readonly indent: string | undefined
  readonly item: string
  readonly colon: string
  readonly ascii: boolean
  readonly sortKeys: boolean
  readonly fallback: Value
}

/** `json.dumps`, or why the text is not known. */
export function writeJson(vm: Interpreter, value: Value, kwargs: Kwargs, node: Span): Value {
  const given = kwargs.get('indent') ?? null
  const indent =
    typeof given === 'bigint' ? ' '.repeat(Math.min(Number(given), 40)) : typeof given === 'string' ? given : undefined
  const separators = kwargs.get('separators')
  const [item, colon] =
    separators instanceof Tuple ? separators.items.map(String) : [indent === undefined ? ', ' : ',', ': ']
  const style: Style = {
    indent,
    item: item ?? ', ',
    colon: colon ?? ': ',
    ascii: kwargs.get('ensure_ascii') !== false,
    sortKeys: kwargs.get('sort_keys') === true,
    fallback: kwargs.get('default') ?? null,
  }
  return written(vm, value, style, node, '\n')
}

function written(vm: Interpreter, given: Value, style: Style, node: Span, line: string): string | Unknown {
  const value = plain(vm.resolve(given))
  vm.step()
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number')
    return Number.isFinite(value) ? floatText(value) : vm.unknown('a float that JSON has not', node)
  if (typeof value === 'string') return quotedJson(value, style.ascii)
  if (value instanceof Unknown) return value
  if (value instanceof Guarded) return vm.unknown('JSON that depends on the state of the database', node)
  return vm.deeper(() => structure(vm, value, style, node, line))
}

function structure(vm: Interpreter, value: Value, style: Style, node: Span, line: string): string | Unknown {
  const inner = style.indent === undefined ? '' : line + style.indent
  if (value instanceof List || value instanceof Tuple) {
    if (value instanceof List && (value.taint || value.tails.length > 0))
      return value.taint ?? vm.unknown('rows of the database', node)
    return bracketed(
      '[',
      value.items.map((item) => written(vm, item, style, node, inner || line)),
      ']',
      style,
      inner,
      line,
    )
  }
  if (value instanceof Dict) {
    if (value.taint || value.tails.length > 0) return value.taint ?? vm.unknown('rows of the database', node)
    const entries = [...value.map.values()]
    if (style.sortKeys) entries.sort((a, b) => (String(a.key) < String(b.key) ? -1 : 1))
    const parts = entries.map(({ key, value: held }) => {
      const name = textOf(vm, key, 'str')
      const text = written(vm, held, style, node, inner || line)
      const shown = key === null ? 'null' : typeof key === 'boolean' ? String(key) : name
      return typeof shown === 'string' && typeof text === 'string'
        ? quotedJson(shown, style.ascii) + style.colon + text
        : vm.unknown('JSON of something unknown', node)
    })
    return bracketed('{', parts, '}', style, inner, line)
  }
  if (style.fallback !== null)
    return written(
      vm,
      callValue(vm, style.fallback, [value], new Map(), node),
      { ...style, fallback: null },
      node,
      line,
    )
  return vm.unknown('JSON of something that is not known', node)
}

function bracketed(
  open: string,
  parts: readonly (string | Unknown)[],
  close: string,
  style: Style,
  inner: string,
  line: string,
): string | Unknown {
  const unknown = parts.find((part): part is Unknown => part instanceof Unknown)
  if (unknown) return unknown
  if (parts.length === 0) return open + close
  return style.indent === undefined
    ? open + parts.join(style.item) + close
    : open + inner + parts.join(style.item + inner) + line + close
}

export function quotedJson(text: string, ascii: boolean): string {
  const quoted = JSON.stringify(text)
  if (!ascii) return quoted
  return quoted.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** `json.loads`. Numbers keep their kind: with a point or an exponent they are floats. */
export function readJson(vm: Interpreter, given: Value, node: Span): Value {
  const text = plain(given)
  if (typeof text !== 'string') return text instanceof Unknown ? text : vm.unknown('JSON that is not known', node)
  vm.allocate(text.length * 8)
  vm.step(Math.ceil(text.length / 16))
  try {
    const marked = text.replace(/"(?:[^"\\]|\\[\s\S])*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, (token) =>
      token.startsWith('"') ? `"s${token.slice(1)}` : `"n${token}"`,
    )
    return revived(vm, JSON.parse(marked) as unknown)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return vm.raise('ValueError', 'Expecting value')
  }
}

function revived(vm: Interpreter, value: unknown): Value {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return value.startsWith('s') ? value.slice(1) : numeric(value.slice(1))
  if (Array.isArray(value)) return new List(value.map((item) => revived(vm, item)))
  const dict = new Dict()
  for (const [key, held] of Object.entries(value as object)) setEntry(vm, dict, key.slice(1), revived(vm, held))
  return dict
}

function numeric(text: string): Value {
  return /^-?\d+$/.test(text) && text.length < 4300 ? BigInt(text) : Number(text)
}
