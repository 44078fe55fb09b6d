import { arithmetic } from './arithmetic.ts'
import type { BinaryOperator, CompareOperator, Span } from './ast.ts'
import { findInClass, typeName } from './attributes.ts'
import { Bytes } from './bytes.ts'
import { callValue } from './calls.ts'
import { contains } from './containing.ts'
import { mergeDict } from './eval.ts'
import { HostObject } from './host.ts'
import type { Interpreter } from './interpreter.ts'
import { iterate } from './iterate.ts'
import { liftAll } from './lift.ts'
import { same } from './merge.ts'
import { percentFormat } from './percent.ts'
import { and, never, not, or, type Predicate } from './predicates.ts'
import { setOperation } from './sets.ts'
import { existsIn, isPart, symPredicate } from './symbolic.ts'
import { allOf, negated, truthValue } from './truth.ts'
import {
  BoundMethod,
  Dict,
  Fact,
  Guarded,
  Instance,
  List,
  PyClass,
  PySet,
  Range,
  Sym,
  SymSeq,
  type Truth,
  Tuple,
  Unknown,
  type Value,
} from './values.ts'

const dunders: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '@': 'matmul',
  '**': 'pow',
  '<<': 'lshift',
  '>>': 'rshift',
  '|': 'or',
  '^': 'xor',
  '&': 'and',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
}
const mirrored: Readonly<Record<string, string>> = {
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
}

export function binary(vm: Interpreter, op: BinaryOperator, a: Value, b: Value, node: Span): Value {
  return liftAll(vm, [a, b], node, ([left, right]) => binarySettled(vm, op, left!, right!, node))
}

function binarySettled(vm: Interpreter, op: BinaryOperator, a: Value, b: Value, node: Span): Value {
  // an instance of the standard library's is one value to a format, whatever else it can do
  const isOne = b instanceof Instance && b.cls.place === undefined && b.native === undefined
  if (op === '%' && typeof a === 'string' && isOne) return percentFormat(vm, a, b, node)
  const foreign = viaOperands(vm, op, a, b, node)
  if (foreign !== undefined) return foreign
  const [x, y] = [plain(a), plain(b)]
  if (x instanceof Fact || y instanceof Fact) return facts(vm, op, x, y, node)
  if (isNumber(x) && isNumber(y)) return arithmetic(vm, op, x, y)
  if (op === '%' && typeof x === 'string') return percentFormat(vm, x, y, node)
  const combined = op === '+' ? concatenated(vm, x, y) : op === '*' ? repeated(vm, x, y) : undefined
  if (combined !== undefined) return combined
  if (x instanceof PySet && y instanceof PySet) {
    const made = setOperation(vm, op, x, y, node)
    if (made !== undefined) return made
  }
  if (op === '|' && x instanceof Dict && y instanceof Dict) {
    const merged = new Dict()
    mergeDict(vm, merged, x)
    mergeDict(vm, merged, y)
    return merged
  }
  // `int | None` in a type hint.
  if (op === '|' && (isType(x) || isType(y))) return isType(x) ? x : y
  return vm.raise('TypeError', `unsupported operand type(s) for ${op}: '${typeName(a)}' and '${typeName(b)}'`)
}

function isType(value: Value): boolean {
  return value instanceof PyClass
}

/** Operands that decide for themselves: hosts, unknowns, symbols, instances with methods. */
function viaOperands(vm: Interpreter, op: string, a: Value, b: Value, node: Span): Value | undefined {
  for (const [self, other, reflected] of [
    [a, b, false],
    [b, a, true],
  ] as const) {
    const name = dunders[op]
    if (self instanceof HostObject) {
      const made = self.binary(op, other, reflected, vm, node)
      if (made !== undefined) return made
    }
    if (self instanceof Instance && name) {
      const method = findInClass(
        self.cls,
        `__${reflected && !mirrored[op] ? 'r' : ''}${reflected && mirrored[op] ? (dunders[mirrored[op]] ?? name) : name}__`,
      )
      if (method) {
        const made = callValue(vm, new BoundMethod(self, method), [other], new Map(), node)
        if (!isNotImplemented(made)) return made
      }
    }
  }
  return viaUnknown(vm, op, a, b, node)
}

function isNotImplemented(value: Value): boolean {
  return value instanceof Instance && value.cls.name === 'NotImplementedType'
}

function viaUnknown(vm: Interpreter, op: string, a: Value, b: Value, node: Span): Value | undefined {
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  if (a instanceof Sym || b instanceof Sym) return new Sym({ op: 'binary', operator: op, left: a, right: b })
  const host = a instanceof HostObject ? a : b instanceof HostObject ? b : undefined
  if (host) return vm.unknown(`${host.label} ${op} …`, node, [host])
  if (a instanceof Guarded || b instanceof Guarded) return vm.unknown('a value that depends on the database', node)
  const foreign = [a, b].find((value) => value instanceof Instance && value.cls.foreign.length > 0)
  return foreign === undefined ? undefined : vm.unknown(`${typeName(foreign)} ${op} …`, node, [foreign])
}

/** What an instance of `class C(str)` is to operators. */
export function plain(value: Value): Value {
  return value instanceof Instance && value.native !== undefined ? value.native : value
}

export function isNumber(value: Value): value is bigint | number | boolean {
  return typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean'
}

function facts(vm: Interpreter, op: string, a: Value, b: Value, node: Span): Value {
  const [x, y] = [predicateOf(a), predicateOf(b)]
  if (x && y && op === '&') return truthValue(settledFact(and([x, y])))
  if (x && y && op === '|') return truthValue(settledFact(or([x, y])))
  return vm.unknown('arithmetic with a condition about the database', node)
}

function settledFact(predicate: Predicate): Truth {
  return predicate.op === 'const' ? predicate.value : predicate
}

function predicateOf(value: Value): Predicate | undefined {
  if (typeof value === 'boolean') return { op: 'const', value }
  return value instanceof Fact ? value.predicate : undefined
}

function concatenated(vm: Interpreter, a: Value, b: Value): Value | undefined {
  if (typeof a === 'string' && typeof b === 'string') {
    vm.allocate((a.length + b.length) / 4)
    return a + b
  }
  if (a instanceof Bytes && b instanceof Bytes) return new Bytes(a.data + b.data)
  if (a instanceof Tuple && b instanceof Tuple) return new Tuple([...a.items, ...b.items])
  if (!(a instanceof List) || !(b instanceof List)) return undefined
  vm.allocate((a.items.length + b.items.length) * 8)
  vm.step(Math.ceil((a.items.length + b.items.length) / 16))
  const list = new List([...a.items, ...b.items])
  list.taint = a.taint ?? b.taint
  list.tails = [...a.tails, ...b.tails]
  return list
}

function repeated(vm: Interpreter, a: Value, b: Value): Value | undefined {
  const [seq, times] = isNumber(a) ? [b, a] : [a, b]
  if (typeof times !== 'bigint' && typeof times !== 'boolean') return undefined
  const count = Math.max(0, Number(times))
  if (typeof seq === 'string' || seq instanceof Bytes) {
    const text = seq instanceof Bytes ? seq.data : seq
    vm.allocate(text.length * count * 2)
    return seq instanceof Bytes ? new Bytes(text.repeat(count)) : text.repeat(count)
  }
  if (!(seq instanceof List || seq instanceof Tuple)) return undefined
  vm.allocate(seq.items.length * count * 8)
  const items: Value[] = []
  if (seq.items.length > 0) for (let at = 0; at < count; at++) for (const item of seq.items) items.push(item)
  if (seq instanceof Tuple) return new Tuple(items)
  const list = new List(items)
  list.taint = seq.taint
  list.tails = count > 0 ? seq.tails : []
  return list
}

/** `a op= b`: lists and the like change in place. */
export function inPlace(vm: Interpreter, op: BinaryOperator, a: Value, b: Value, node: Span): Value {
  const left = vm.resolve(a)
  const right = vm.resolve(b)
  if (op === '+' && left instanceof List) {
    vm.branches.touch(left)
    const iterated = iterate(vm, right, node)
    if (iterated instanceof Unknown) left.taint ??= iterated
    else if (iterated instanceof SymSeq) left.tails = [...left.tails, iterated]
    else for (const item of [...iterated]) left.items.push(item)
    vm.allocate(left.items.length)
    return left
  }
  if (op === '|' && left instanceof Dict && right instanceof Dict) {
    vm.branches.touch(left)
    mergeDict(vm, left, right)
    return left
  }
  if (left instanceof PySet && !left.frozen && right instanceof PySet) {
    const made = setOperation(vm, op, left, right, node)
    if (made instanceof PySet) {
      vm.branches.touch(left)
      left.load(made.save())
      return left
    }
  }
  if (left instanceof Instance) {
    const method = findInClass(left.cls, `__i${dunders[op]}__`)
    if (method) return callValue(vm, new BoundMethod(left, method), [right], new Map(), node)
  }
  return binary(vm, op, a, b, node)
}

export function unary(vm: Interpreter, op: '-' | '+' | '~' | 'not', given: Value, node: Span): Value {
  return liftAll(vm, [given], node, ([value]) => {
    const x = plain(value!)
    if (typeof x === 'bigint' || typeof x === 'boolean') {
      const n = BigInt(x)
      return op === '-' ? -n : op === '~' ? ~n : n
    }
    if (typeof x === 'number' && op !== '~') return op === '-' ? -x : x
    if (x instanceof HostObject) return x.unary(op, vm, node) ?? vm.unknown(`${op}${x.label}`, node, [x])
    if (x instanceof Unknown) return x
    if (x instanceof Fact && op === '~') return new Fact(not(x.predicate))
    const name = { '-': '__neg__', '+': '__pos__', '~': '__invert__', not: '' }[op]
    const method = x instanceof Instance ? findInClass(x.cls, name) : undefined
    if (method && x instanceof Instance) return callValue(vm, new BoundMethod(x, method), [], new Map(), node)
    if (x instanceof Sym || (x instanceof Instance && x.cls.foreign.length > 0))
      return vm.unknown(`${op} of something unknown`, node)
    return vm.raise('TypeError', `bad operand type for unary ${op}: '${typeName(x)}'`)
  })
}

export function compare(vm: Interpreter, op: CompareOperator, a: Value, b: Value, node: Span): Value {
  return liftAll(vm, [a, b], node, ([left, right]) => compareSettled(vm, op, left!, right!, node))
}

function compareSettled(vm: Interpreter, op: CompareOperator, a: Value, b: Value, node: Span): Value {
  switch (op) {
    case 'in':
      return truthValue(contains(vm, b, a, node))
    case 'not in':
      return truthValue(negated(contains(vm, b, a, node)))
    case 'is':
      return truthValue(identical(vm, a, b, node))
    case 'is not':
      return truthValue(negated(identical(vm, a, b, node)))
    case '==':
      return equalValue(vm, '==', a, b, node)
    case '!=':
      return equalValue(vm, '!=', a, b, node)
    default:
      return ordered(vm, op, a, b, node)
  }
}

/** `is`: the same object, or the same None, True, False. */
function identical(vm: Interpreter, a: Value, b: Value, node: Span): Truth {
  for (const [x, y] of [
    [a, b],
    [b, a],
  ] as const) {
    if (x instanceof HostObject) {
      const made = x.binary('is', y, x === b, vm, node)
      if (made !== undefined) return vm.truth(made, node)
    }
    if (x instanceof Sym && x.expr.op === 'first' && y === null) return firstIsNone(vm, x, node)
    if (x instanceof Fact && typeof y === 'boolean') return vm.truth(y ? x : new Fact(not(x.predicate)), node)
  }
  if (a === b && !(a instanceof Unknown)) return true
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  if (a instanceof Sym || b instanceof Sym) return symPredicate({ op: 'binary', operator: 'is', left: a, right: b })
  return same(a, b) && typeof a !== 'object'
}

function firstIsNone(vm: Interpreter, value: Sym, node: Span): Truth {
  if (value.expr.op !== 'first') return false
  const none = identical(vm, value.expr.fallback, null, node)
  const { seq } = value.expr
  const some = isPart(seq.projection) ? negated(identical(vm, seq.projection, null, node)) : true
  if (some instanceof Unknown) return some
  const found = existsIn(vm, some === true ? seq : seq.where(typeof some === 'boolean' ? never : some), node)
  return none === true ? negated(found) : none === false ? false : none
}

function equalValue(vm: Interpreter, op: '==' | '!=', a: Value, b: Value, node: Span): Value {
  const special = viaSymbols(vm, op, a, b, node) ?? viaOperands(vm, op, a, b, node)
  if (special !== undefined) return special
  if (op === '!=') {
    const eq = [a, b].some((value) => value instanceof Instance && findInClass(value.cls, '__eq__'))
    if (eq) return truthValue(negated(vm.truth(equalValue(vm, '==', a, b, node), node)))
  }
  const truth = equals(vm, a, b, node)
  return truthValue(op === '==' ? truth : negated(truth))
}

/** Comparisons with the first of, and the number of, symbolic elements. */
function viaSymbols(vm: Interpreter, op: string, a: Value, b: Value, node: Span): Value | undefined {
  if (b instanceof Sym && !(a instanceof Sym))
    return mirrored[op] ? viaSymbols(vm, mirrored[op]!, b, a, node) : undefined
  if (!(a instanceof Sym)) return undefined
  if (a.expr.op === 'len' && isNumber(b)) return lengthCompared(vm, op, a.expr.seq, Number(b), node)
  if (a.expr.op !== 'first') return undefined
  if (b === null) {
    const none = firstIsNone(vm, a, node)
    return truthValue(op === '==' ? none : negated(none))
  }
  const projected = compare(vm, op as CompareOperator, a.expr.seq.projection, b, node)
  const truth = vm.truth(projected, node)
  if (op === '!=' && a.expr.fallback === null) {
    return truthValue(negated(vm.truth(viaSymbols(vm, '==', a, b, node) ?? null, node)))
  }
  if (op === '==' && !(truth instanceof Unknown) && a.expr.fallback === null) {
    return truthValue(
      existsIn(vm, a.expr.seq.where(typeof truth === 'boolean' ? { op: 'const', value: truth } : truth), node),
    )
  }
  return vm.unknown('a value read from the database', node)
}

function lengthCompared(vm: Interpreter, op: string, seq: SymSeq, n: number, node: Span): Value {
  const some = existsIn(vm, seq, node)
  const asks = `${op}${n}`
  if (['>0', '!=0', '>=1'].includes(asks)) return truthValue(some)
  if (['==0', '<1', '<=0'].includes(asks)) return truthValue(negated(some))
  if (['>=0', '>-1'].includes(asks)) return true
  return some === false
    ? compare(vm, op as CompareOperator, 0n, BigInt(n), node)
    : vm.unknown('how many there are in the database', node)
}

/** `==` of things that do not decide for themselves. */
export function equals(vm: Interpreter, given: Value, other: Value, node: Span): Truth {
  const [a, b] = [plain(vm.resolve(given)), plain(vm.resolve(other))]
  vm.step()
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  if (isNumber(a) && isNumber(b))
    return typeof a === 'number' || typeof b === 'number' ? Number(a) === Number(b) : BigInt(a) === BigInt(b)
  if (a instanceof Fact || b instanceof Fact) return factEquals(vm, a, b, node)
  if ((a instanceof List && b instanceof List) || (a instanceof Tuple && b instanceof Tuple))
    return listsEqual(vm, a, b, node)
  if (a instanceof Dict && b instanceof Dict) return mapsEqual(vm, a, b, node)
  if (a instanceof PySet && b instanceof PySet) return mapsEqual(vm, a, b, node)
  if (a instanceof Range && b instanceof Range) return a.start === b.start && a.stop === b.stop && a.step === b.step
  if (a instanceof Instance && b instanceof Instance && a.cls === b.cls && a.cls.fields) {
    return allOf(
      a.cls.fields.map(({ name }) => equals(vm, a.map.get(name)?.value ?? null, b.map.get(name)?.value ?? null, node)),
    )
  }
  if (
    a instanceof Sym ||
    b instanceof Sym ||
    a instanceof HostObject ||
    b instanceof HostObject ||
    a instanceof Instance ||
    b instanceof Instance
  ) {
    return a === b ? true : vm.truth(viaOperands(vm, '==', a, b, node) ?? false, node)
  }
  return same(a, b)
}

function factEquals(vm: Interpreter, a: Value, b: Value, node: Span): Truth {
  const [x, y] = [a, b].map((value) => (isNumber(value) ? predicateOf(Boolean(value)) : predicateOf(value)))
  if (!x || !y) return false
  return vm.truth(new Fact(or([and([x, y]), and([not(x), not(y)])])), node)
}

function listsEqual(vm: Interpreter, a: List | Tuple, b: List | Tuple, node: Span): Truth {
  for (const list of [a, b]) {
    if (!(list instanceof List)) continue
    const other = list === a ? b : a
    if (
      list.tails.length > 0 &&
      list.items.length === 0 &&
      !list.taint &&
      other.items.length === 0 &&
      !(other instanceof List && other.tails.length > 0)
    ) {
      return negated(vm.truth(list, node))
    }
    if (list.taint || list.tails.length > 0 || list.items.some((item) => item instanceof Guarded)) {
      if (other.items.length === 0 && !(other instanceof List && other.tails.length > 0))
        return negated(vm.truth(list, node))
      return list.taint ?? vm.unknown('a list that depends on the database', node)
    }
  }
  if (a.items.length !== b.items.length) return false
  return allOf(a.items.map((item, at) => vm.truth(compare(vm, '==', item, b.items[at]!, node), node)))
}

function mapsEqual(vm: Interpreter, a: Dict | PySet, b: Dict | PySet, node: Span): Truth {
  for (const map of [a, b]) {
    const open =
      map.taint ||
      map.tails.length > 0 ||
      map.items.length > 0 ||
      [...map.map.values()].some((entry) => entry.value instanceof Guarded)
    if (!open) continue
    const other = map === a ? b : a
    if (other.map.size === 0 && !other.taint && other.tails.length === 0) return negated(vm.truth(map, node))
    return map.taint ?? vm.unknown('contents that depend on the database', node)
  }
  if (a.map.size !== b.map.size) return false
  if (a instanceof PySet) return [...a.map.keys()].every((key) => b.map.has(key))
  return allOf(
    [...a.map].map(([key, entry]) => {
      const other = b.map.get(key)
      return other ? equals(vm, entry.value, other.value, node) : false
    }),
  )
}

function ordered(vm: Interpreter, op: '<' | '<=' | '>' | '>=', a: Value, b: Value, node: Span): Value {
  const special = viaSymbols(vm, op, a, b, node) ?? viaOperands(vm, op, a, b, node)
  if (special !== undefined) return special
  const order = ordering(vm, plain(a), plain(b), op, node)
  if (order instanceof Unknown || typeof order !== 'number') return order as Value
  return op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0
}

/** Negative, zero or positive; a truth where the comparison is no total order. */
export function ordering(vm: Interpreter, a: Value, b: Value, op: string, node: Span): number | Value {
  vm.step()
  if (isNumber(a) && isNumber(b)) {
    if (typeof a === 'number' && Number.isNaN(a)) return false
    return a === b ? 0 : a < b ? -1 : a > b ? 1 : 0
  }
  if (typeof a === 'string' && typeof b === 'string') return a === b ? 0 : codePointOrder(a, b)
  if (a instanceof Bytes && b instanceof Bytes) return a.data < b.data ? -1 : a.data > b.data ? 1 : 0
  if (a instanceof PySet && b instanceof PySet) return subset(vm, a, b, op, node)
  if ((a instanceof Tuple && b instanceof Tuple) || (a instanceof List && b instanceof List)) {
    for (let at = 0; at < Math.min(a.items.length, b.items.length); at++) {
      const equal = equals(vm, a.items[at]!, b.items[at]!, node)
      if (equal instanceof Unknown) return equal
      if (equal !== true) return ordering(vm, plain(a.items[at]!), plain(b.items[at]!), op, node)
    }
    return a.items.length - b.items.length
  }
  if (a instanceof Unknown || b instanceof Unknown) return a instanceof Unknown ? a : b
  if (
    [a, b].some(
      (value) =>
        value instanceof Fact || value instanceof Sym || value instanceof HostObject || value instanceof Guarded,
    )
  ) {
    return vm.unknown('an order that depends on the database', node)
  }
  return vm.raise('TypeError', `'${op}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`)
}

function codePointOrder(a: string, b: string): number {
  const surrogates = /[\ud800-\udfff]/
  if (!surrogates.test(a) && !surrogates.test(b)) return a < b ? -1 : 1
  const [x, y] = [[...a], [...b]]
  for (let at = 0; at < Math.min(x.length, y.length); at++) {
    if (x[at] !== y[at]) return x[at]!.codePointAt(0)! - y[at]!.codePointAt(0)!
  }
  return x.length - y.length
}

/** `a <= b` of sets: everything of a is in b. */
function subset(vm: Interpreter, a: PySet, b: PySet, op: string, node: Span): Value {
  const [small, large] = op === '<' || op === '<=' ? [a, b] : [b, a]
  const items = iterate(vm, small, node)
  if (items instanceof Unknown || items instanceof SymSeq) return vm.unknown('rows of the database', node)
  const all = allOf([...items].map((item) => contains(vm, large, item, node)))
  if (op === '<=' || op === '>=') return truthValue(all)
  return truthValue(allOf([all, negated(equals(vm, a, b, node))]))
}
