import type { Span } from '../ast.ts'
import { callValue } from '../calls.ts'
import type { Interpreter } from '../interpreter.ts'
import { plain } from '../operators.ts'
import { Dict, Instance, type Kwargs, List, Tuple, Unknown, type Value } from '../values.ts'
import { type Definitions, type Modules, native, standardClass } from './define.ts'

const flags = {
  I: 2n,
  IGNORECASE: 2n,
  M: 8n,
  MULTILINE: 8n,
  S: 16n,
  DOTALL: 16n,
  X: 64n,
  VERBOSE: 64n,
  A: 256n,
  ASCII: 256n,
  U: 32n,
  UNICODE: 32n,
}

/** How much backtracking a match may take, by the length of the text and the number of open repetitions. */
const maxWork = 20_000_000

/** The same pattern for JavaScript, where both mean the same and neither can run away; else undefined. */
function translate(pattern: string, given: bigint): RegExp | undefined {
  const inline = /^\(\?([imsx]+)\)/.exec(pattern)
  const text = inline ? pattern.slice(inline[0].length) : pattern
  const letters = inline?.[1] ?? ''
  if ((given & 64n) !== 0n || letters.includes('x')) return undefined
  if (/\(\?(?:<[=!]|[imsxLua-]+[:)]|P=|\(|>)|\\[1-9]|[*+?}]\+|\\[NbBpP]\{/.test(text) || repeatsGroup(text))
    return undefined
  const made = text
    .replace(/\(\?P</g, '(?<')
    .replace(/\\A/g, '(?<![\\s\\S])')
    .replace(/\\Z/g, '(?![\\s\\S])')
    .replace(/(^|[^\\])\$(?=$|\||\))/g, (given & 8n) !== 0n || letters.includes('m') ? '$1$' : '$1(?=\\n?(?![\\s\\S]))')
  const on = (bit: bigint, letter: string): string => ((given & bit) !== 0n || letters.includes(letter) ? letter : '')
  try {
    return new RegExp(made, `g${on(2n, 'i')}${on(8n, 'm')}${on(16n, 's')}d`)
  } catch {
    return undefined
  }
}

/** A repetition of something that repeats is what takes exponential time. */
function repeatsGroup(pattern: string): boolean {
  const plainText = pattern.replace(/\\[\s\S]/g, 'a').replace(/\[\^?\]?[^\]]*\]/g, 'a')
  const stack: boolean[] = []
  let repeats = false
  for (let at = 0; at < plainText.length; at++) {
    const character = plainText[at]
    if (character === '(') {
      stack.push(repeats)
      repeats = false
    } else if (character === ')') {
      const next = plainText[at + 1] ?? ''
      if ((repeats || plainText.slice(0, at).includes('|')) && '*+{'.includes(next) && next !== '') return true
      repeats = (stack.pop() ?? false) || repeats
    } else if (character === '*' || character === '+' || character === '{') repeats = true
  }
  return false
}

function openRepetitions(pattern: string): number {
  return (pattern.match(/[*+]|\{\d*,\d*\}/g) ?? []).length
}

interface Compiled {
  readonly regex: RegExp
  readonly source: string
}

function compiled(vm: Interpreter, given: Value, bits: Value, node: Span): Compiled | Unknown {
  const value = plain(given)
  if (value instanceof Unknown) return value
  if (value instanceof Instance && value.cls.name === 'Pattern') return patterns.get(value)!
  if (typeof value !== 'string') return vm.unknown('a pattern that is not known', node)
  const regex = value.length < 5000 ? translate(value, typeof bits === 'bigint' ? bits : 0n) : undefined
  return regex ? { regex, source: value } : vm.unknown('a regular expression that cannot be translated safely', node)
}

const patterns = new WeakMap<Instance, Compiled>()
const patternClass = standardClass('Pattern', 're')
const matchClass = standardClass('Match', 're')

/** The pattern, ready to be used on a text; unknown where it could take too long. */
function ready(
  vm: Interpreter,
  pattern: Compiled | Unknown,
  text: Value,
  node: Span,
): { regex: RegExp; text: string } | Unknown {
  if (pattern instanceof Unknown) return pattern
  const subject = plain(text)
  if (subject instanceof Unknown) return subject
  if (typeof subject !== 'string') return vm.unknown('a text that is not known', node)
  const work = (subject.length + 1) ** (openRepetitions(pattern.source) + 1)
  if (work > maxWork) return vm.unknown('a regular expression over a long text', node)
  vm.step(Math.ceil(work / 20_000) + subject.length)
  pattern.regex.lastIndex = 0
  return { regex: pattern.regex, text: subject }
}

function matchObject(vm: Interpreter, found: RegExpExecArray): Instance {
  const match = new Instance(matchClass)
  const set = (name: string, value: Value): void => void match.map.set(name, { key: name, value })
  const group = (key: Value): Value => {
    if (typeof key === 'bigint')
      return key < BigInt(found.length) ? (found[Number(key)] ?? null) : vm.raise('IndexError', 'no such group')
    return found.groups && Object.hasOwn(found.groups, String(key))
      ? (found.groups[String(key)] ?? null)
      : vm.raise('IndexError', 'no such group')
  }
  const place = (key: Value | undefined): readonly [number, number] => found.indices?.[Number(key ?? 0n)] ?? [-1, -1]
  set(
    'group',
    native('group', (args) => (args.length > 1 ? new Tuple(args.map(group)) : group(args[0] ?? 0n))),
  )
  set(
    '__getitem__',
    native('__getitem__', (args) => group(args[0] ?? 0n)),
  )
  set(
    'groups',
    native('groups', (args) => new Tuple(found.slice(1).map((part) => part ?? args[0] ?? null))),
  )
  set(
    'groupdict',
    native('groupdict', () => dictOf(found.groups)),
  )
  set(
    'start',
    native('start', (args) => BigInt(place(args[0])[0])),
  )
  set(
    'end',
    native('end', (args) => BigInt(place(args[0])[1])),
  )
  set(
    'span',
    native('span', (args) => new Tuple(place(args[0]).map(BigInt))),
  )
  return match
}

function dictOf(groups: Readonly<Record<string, string | undefined>> | undefined): Dict {
  const dict = new Dict()
  for (const [key, value] of Object.entries(groups ?? {})) dict.map.set(`s${key}`, { key, value: value ?? null })
  return dict
}

type Operation = (
  vm: Interpreter,
  pattern: Compiled | Unknown,
  args: readonly Value[],
  kwargs: Kwargs,
  node: Span,
) => Value

function matching(how: 'search' | 'match' | 'fullmatch'): Operation {
  return (vm, pattern, args, _kwargs, node) => {
    const use = ready(vm, pattern, args[0] ?? null, node)
    if (use instanceof Unknown) return use
    const source = how === 'fullmatch' ? `(?:${use.regex.source})(?![\\s\\S])` : use.regex.source
    const flagged = how === 'search' ? use.regex.flags : use.regex.flags.replace('g', 'y')
    const found = new RegExp(source, flagged).exec(use.text)
    return found ? matchObject(vm, found) : null
  }
}

function replacement(vm: Interpreter, given: Value, found: RegExpExecArray, node: Span): string | Unknown {
  const value = vm.resolve(given)
  if (typeof value === 'string') {
    return value.replace(/\\(?:g<(\w+)>|(\d)|([\\n]))/g, (_all, name, digit, other) => {
      if (other) return other === 'n' ? '\n' : '\\'
      const key = name ?? digit
      return (/^\d+$/.test(key) ? found[Number(key)] : found.groups?.[key]) ?? ''
    })
  }
  const made = callValue(vm, value, [matchObject(vm, found)], new Map(), node)
  return typeof made === 'string'
    ? made
    : made instanceof Unknown
      ? made
      : vm.unknown('a replacement that is not known', node)
}

const sub: Operation = (vm, pattern, args, kwargs, node) => {
  const use = ready(vm, pattern, args[1] ?? null, node)
  if (use instanceof Unknown) return use
  const limit = Number(args[2] ?? kwargs.get('count') ?? 0n) || Number.POSITIVE_INFINITY
  const parts: string[] = []
  let last = 0
  let count = 0
  for (const found of use.text.matchAll(use.regex)) {
    if (count++ >= limit) break
    const text = replacement(vm, args[0] ?? null, found as RegExpExecArray, node)
    if (text instanceof Unknown) return text
    parts.push(use.text.slice(last, found.index), text)
    last = found.index + found[0].length
  }
  return parts.join('') + use.text.slice(last)
}

const findall: Operation = (vm, pattern, args, _kwargs, node) => {
  const use = ready(vm, pattern, args[0] ?? null, node)
  if (use instanceof Unknown) return use
  const found = [...use.text.matchAll(use.regex)].map((match): Value => {
    const groups = match.slice(1).map((group) => group ?? '')
    return groups.length === 0 ? match[0] : groups.length === 1 ? groups[0]! : new Tuple(groups)
  })
  return new List(found)
}

const finditer: Operation = (vm, pattern, args, _kwargs, node) => {
  const use = ready(vm, pattern, args[0] ?? null, node)
  return use instanceof Unknown
    ? use
    : new List([...use.text.matchAll(use.regex)].map((match) => matchObject(vm, match as RegExpExecArray)))
}

const split: Operation = (vm, pattern, args, kwargs, node) => {
  const use = ready(vm, pattern, args[0] ?? null, node)
  if (use instanceof Unknown) return use
  if (args.length > 1 || kwargs.size > 0) return vm.unknown('re.split with a limit', node)
  return new List(use.text.split(use.regex).map((part) => part ?? null))
}

const operations: Readonly<Record<string, Operation>> = {
  search: matching('search'),
  match: matching('match'),
  fullmatch: matching('fullmatch'),
  sub,
  findall,
  finditer,
  split,
}

function patternObject(vm: Interpreter, pattern: Compiled): Instance {
  const made = new Instance(patternClass)
  patterns.set(made, pattern)
  made.map.set('pattern', { key: 'pattern', value: pattern.source })
  for (const [name, run] of Object.entries(operations)) {
    made.map.set(name, { key: name, value: native(name, (args, kwargs, node) => run(vm, pattern, args, kwargs, node)) })
  }
  return made
}

function re(vm: Interpreter): Definitions {
  const functions = Object.entries(operations).map(([name, run]) => {
    const at = name === 'sub' ? 4 : name === 'split' ? 3 : 2
    const made = native(name, (args, kwargs, node) => {
      const pattern = compiled(vm, args[0] ?? null, args[at] ?? kwargs.get('flags') ?? 0n, node)
      const rest = new Map([...kwargs].filter(([key]) => key !== 'flags'))
      return run(vm, pattern, args.slice(1, at), rest, node)
    })
    return [name, made] as const
  })
  return {
    attrs: {
      ...flags,
      ...Object.fromEntries(functions),
      escape: native('escape', (args) =>
        String(args[0]).replace(/[^\w]/g, (character) =>
          /[\s!-~]/.test(character) && !/["'%,/:;<=>@`!]/.test(character) ? `\\${character}` : character,
        ),
      ),
      compile: native('compile', (args, kwargs, node) => {
        const pattern = compiled(vm, args[0] ?? null, args[1] ?? kwargs.get('flags') ?? 0n, node)
        return pattern instanceof Unknown ? pattern : patternObject(vm, pattern)
      }),
      error: standardClass('error', 're', [vm.builtins.get('Exception')!.value]),
      Pattern: patternClass,
      Match: matchClass,
    },
  }
}

export const regexModules: Modules = { re }
