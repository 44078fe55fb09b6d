import type { Constant, Expr, FormattedValue, JoinedStr, Span } from './ast.ts'
import { Bytes } from './bytes.ts'
import type { Cursor } from './cursor.ts'
import { parseStarExpressions, parseYield } from './expressions.ts'
import { Failure } from './failure.ts'
import { unescaped } from './literals.ts'
import type { Token } from './tokenizer.ts'

type Part = Constant | FormattedValue

/** Adjacent strings are one: plain, bytes, or with replacement fields. */
export function parseStrings(c: Cursor): Expr {
  const first = c.token
  const parts: Part[] = []
  let bytes: boolean | undefined
  let formatted = false
  while (c.token.kind === 'string' || c.token.kind === 'fstring') {
    const { kind, text, start } = c.token
    const isBytes = text.includes('b')
    if (bytes !== undefined && bytes !== isBytes) throw new Failure('cannot mix bytes and text literals', start)
    bytes = isBytes
    formatted ||= kind === 'fstring'
    if (kind === 'fstring') parts.push(...parseFString(c))
    else parts.push(plain(c))
  }
  const span = c.span(first)
  if (formatted) return { kind: 'JoinedStr', values: joined(parts), ...span }
  const text = parts.map((part) => (part as Constant).value as string).join('')
  if (bytes) return { kind: 'Constant', value: new Bytes(text), ...span }
  return { kind: 'Constant', value: text, ...(first.text === 'u' ? { unicode: true } : {}), ...span }
}

function plain(c: Cursor): Constant {
  const token = c.advance()
  const source = c.tokens.text
  const open = token.start + token.text.length
  const quotes = source.startsWith(source[open]!.repeat(3), open) && token.end - open >= 6 ? 3 : 1
  const body = source.slice(open + quotes, token.end - quotes)
  const bytes = token.text.includes('b')
  if (bytes && /[^\x00-\x7f]/.test(body)) throw new Failure('bytes can only contain ASCII characters', token.start)
  const value = token.text.includes('r') ? body : unescaped(body, bytes, open + quotes)
  return { kind: 'Constant', value, ...c.span(token) }
}

/** Merges neighbouring texts and drops empty ones, as CPython does. */
function joined(parts: readonly Part[]): Part[] {
  const merged: Part[] = []
  let texts: Constant[] = []
  const flush = (): void => {
    const value = texts.map((text) => text.value as string).join('')
    const head = texts[0]
    if (head && value !== '') merged.push({ ...head, value, end: texts.at(-1)!.end })
    texts = []
  }
  for (const part of parts) {
    if (part.kind === 'Constant') texts.push(part)
    else {
      flush()
      merged.push(part)
    }
  }
  flush()
  return merged
}

function parseFString(c: Cursor): Part[] {
  return c.nested(() => {
    const token = c.token
    const source = c.tokens.text
    const quote = source[token.end - 1]!
    const quotes = token.end - token.start - token.text.length
    const reader: Reader = { c, token, raw: token.text.includes('r'), end: quote.repeat(quotes) }
    c.tokens.open(token.start)
    const parts = readParts(reader, token.end, false)
    c.tokens.close()
    c.tokens.seek(parts.end + quotes)
    c.lastEnd = parts.end + quotes
    c.token = c.tokens.next()
    return parts.found
  })
}

interface Reader {
  readonly c: Cursor
  readonly token: Token
  readonly raw: boolean
  /** The closing quotes. */
  readonly end: string
}

/** Reads text and replacement fields up to the closing quotes or, in a format spec, up to its `}`. */
function readParts(reader: Reader, from: number, spec: boolean): { readonly found: Part[]; readonly end: number } {
  const { c, end } = reader
  const source = c.tokens.text
  const found: Part[] = []
  let at = from
  let textFrom = from
  const flush = (to: number): void => {
    if (to > textFrom) found.push(textPart(reader, textFrom, to, spec))
  }
  for (;;) {
    const character = source[at]
    if (character === undefined || (character === '\n' && end.length === 1)) {
      throw new Failure('this f-string is never closed', reader.token.start)
    }
    if (source.startsWith(end, at)) {
      if (spec) throw new Failure("expected '}' in this f-string", at)
      flush(at)
      return { found, end: at }
    }
    if (character === '\\') at += namedEscape(reader, at) ?? (!spec && /[{}]/.test(source[at + 1] ?? '') ? 1 : 2)
    else if (character === '{' && !spec && source[at + 1] === '{') at += 2
    else if (character === '}' && !spec && source[at + 1] === '}') at += 2
    else if (character === '{') {
      flush(at)
      const field = c.nested(() => readField(reader, at))
      found.push(...field.found)
      at = textFrom = field.end
    } else if (character === '}') {
      if (!spec) throw new Failure("a single '}' is not allowed in an f-string", at)
      flush(at)
      return { found, end: at }
    } else at++
  }
}

/** `\N{…}` is no replacement field. */
function namedEscape(reader: Reader, at: number): number | undefined {
  const source = reader.c.tokens.text
  if (reader.raw || !source.startsWith('N{', at + 1)) return undefined
  const close = source.indexOf('}', at)
  return close < 0 ? undefined : close + 1 - at
}

function textPart(reader: Reader, from: number, to: number, spec: boolean): Constant {
  const { c, raw } = reader
  const body = c.tokens.text.slice(from, to)
  const single = spec ? body : body.replace(/\\N\{[^}]*\}|\{\{|\}\}/g, (all) => (all.length === 2 ? all[0]! : all))
  const value = raw ? single : unescaped(single, false, from)
  return { kind: 'Constant', value, ...spanAt(c, from, to) }
}

function spanAt(c: Cursor, start: number, end: number): Span {
  const line = c.tokens.lines.line(start)
  return c.spanTo({ start, line, column: c.tokens.lines.column(start, line) }, end)
}

/** One `{expression=!r:spec}`, from its brace. */
function readField(reader: Reader, open: number): { readonly found: Part[]; readonly end: number } {
  const { c } = reader
  const source = c.tokens.text
  c.tokens.open(open)
  c.tokens.seek(open + 1)
  c.token = c.tokens.next()
  const value = c.isKeyword('yield') ? parseYield(c) : parseStarExpressions(c)
  const found: Part[] = []
  let shown = false
  if (c.isOp('=')) {
    c.advance()
    shown = true
    found.push({
      kind: 'Constant',
      value: source.slice(open + 1, c.token.start),
      ...spanAt(c, open + 1, c.token.start),
    })
  }
  let conversion: FormattedValue['conversion'] = ''
  if (c.isOp('!')) {
    c.advance()
    const name = c.expectName()
    if (!/^[sra]$/.test(name.text)) throw new Failure("expected '!s', '!r' or '!a' in this f-string", name.start)
    conversion = name.text as 's' | 'r' | 'a'
  }
  const spec = readSpec(reader)
  if (!c.isOp('}')) throw c.unexpected("'}'")
  const end = c.token.end
  c.tokens.close()
  if (shown && conversion === '' && !spec) conversion = 'r'
  found.push({ kind: 'FormattedValue', value, conversion, spec, ...spanAt(c, open, end) })
  return { found, end }
}

function readSpec(reader: Reader): JoinedStr | undefined {
  const { c } = reader
  if (!c.isOp(':') && !c.isOp(':=')) return undefined
  const from = c.token.start + 1
  const { found, end } = readParts(reader, from, true)
  c.tokens.seek(end)
  c.token = c.tokens.next()
  return { kind: 'JoinedStr', values: joined(found), ...spanAt(c, from, end) }
}
