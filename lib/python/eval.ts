import type * as ast from './ast.ts'
import { getAttribute } from './attributes.ts'
import { Bytes } from './bytes.ts'
import { awaited, callValue } from './calls.ts'
import { evaluateComprehension } from './comprehensions.ts'
import { indexValue } from './indexing.ts'
import type { Interpreter } from './interpreter.ts'
import { isKnown, iterate } from './iterate.ts'
import { keyOf } from './keys.ts'
import { assignOutward, lookup } from './names.ts'
import { binary, compare, unary } from './operators.ts'
import type { Completion } from './outcome.ts'
import { formatValue, joinTexts } from './text.ts'
import { negated, truthValue } from './truth.ts'
import {
  Dict,
  EllipsisValue,
  Fact,
  Func,
  Guarded,
  List,
  PyClass,
  PySet,
  Slice,
  SymSeq,
  Tuple,
  Unknown,
  type Value,
} from './values.ts'

export function evaluate(vm: Interpreter, node: ast.Expr): Value {
  vm.step()
  return vm.deeper(() => evaluateNode(vm, node))
}

function evaluateNode(vm: Interpreter, node: ast.Expr): Value {
  switch (node.kind) {
    case 'Constant':
      return constant(vm, node)
    case 'Name':
      return lookup(vm, node.id, node)
    case 'Attribute':
      return getAttribute(vm, evaluate(vm, node.value), node.attr, node)
    case 'Call':
      return evaluateCall(vm, node)
    case 'JoinedStr':
      return joinTexts(
        vm,
        node.values.map((part) => (part.kind === 'Constant' ? (part.value as string) : formatted(vm, part))),
        node,
      )
    case 'FormattedValue':
      return formatted(vm, node)
    case 'BinOp':
      return evaluateBinary(vm, node)
    case 'BoolOp':
      return evaluateBoolean(vm, node, 0)
    case 'UnaryOp':
      if (node.op === 'not') return truthValue(negated(vm.truth(evaluate(vm, node.operand), node)))
      return unary(vm, node.op, evaluate(vm, node.operand), node)
    case 'Compare':
      return evaluateCompare(vm, node, evaluate(vm, node.left), 0)
    case 'IfExp':
      return conditional(vm, node)
    case 'Subscript':
      return indexValue(vm, evaluate(vm, node.value), evaluate(vm, node.slice), node)
    case 'Slice':
      return new Slice(optional(vm, node.lower), optional(vm, node.upper), optional(vm, node.step))
    case 'List':
      return filledList(vm, node)
    case 'Tuple':
      return tuple(vm, node)
    case 'Set':
      return filledSet(vm, node)
    case 'Dict':
      return evaluateDict(vm, node)
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp':
    case 'DictComp':
      return evaluateComprehension(vm, node)
    case 'Lambda':
      return makeFunction(vm, node)
    case 'NamedExpr': {
      const value = evaluate(vm, node.value)
      assignOutward(vm, node.target.id, value)
      return value
    }
    case 'Await':
      return awaited(vm, evaluate(vm, node.value), node)
    case 'Yield':
      return yielded(vm, optional(vm, node.value), node)
    case 'YieldFrom':
      return yieldFrom(vm, node)
    case 'Starred':
      return evaluate(vm, node.value)
  }
}

function optional(vm: Interpreter, node: ast.Expr | undefined): Value {
  return node ? evaluate(vm, node) : null
}

const ellipsis = new EllipsisValue()

function constant(vm: Interpreter, node: ast.Constant): Value {
  const { value } = node
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Bytes) return value
  return value.kind === 'ellipsis' ? ellipsis : vm.unknown('a complex number', node)
}

export function normal(run: () => Value): () => Completion {
  return () => ({ type: 'normal', value: run() })
}

/** The value of something run under branches. */
export function resultOf(completion: Completion): Value {
  return completion.type === 'normal' ? completion.value : null
}

function conditional(vm: Interpreter, node: ast.IfExp): Value {
  const truth = vm.truth(evaluate(vm, node.test), node.test)
  const completion = vm.branchOn(
    truth,
    node,
    normal(() => evaluate(vm, node.body)),
    normal(() => evaluate(vm, node.orelse)),
  )
  return resultOf(completion)
}

/** `and` and `or` give one of their operands; the later ones run only where the earlier leave it open. */
function evaluateBoolean(vm: Interpreter, node: ast.BoolOp, at: number): Value {
  const value = evaluate(vm, node.values[at]!)
  if (at === node.values.length - 1) return value
  const truth = vm.truth(value, node.values[at]!)
  const rest = normal(() => evaluateBoolean(vm, node, at + 1))
  const here = normal(() =>
    typeof truth === 'boolean' || truth instanceof Unknown ? value : settledValue(value, node.op === 'or'),
  )
  return resultOf(node.op === 'and' ? vm.branchOn(truth, node, rest, here) : vm.branchOn(truth, node, here, rest))
}

/** In the arm where a condition settles `and` or `or`, a truth value is just that. */
function settledValue(value: Value, outcome: boolean): Value {
  return value instanceof Fact ? outcome : value
}

/** A long chain of operators leans to the left: it is walked with a loop. */
function evaluateBinary(vm: Interpreter, node: ast.BinOp): Value {
  const chain: ast.BinOp[] = []
  let left: ast.Expr = node
  while (left.kind === 'BinOp') {
    chain.push(left)
    left = left.left
  }
  let value = evaluate(vm, left)
  for (const link of chain.reverse()) value = binary(vm, link.op, value, evaluate(vm, link.right), link)
  return value
}

function evaluateCompare(vm: Interpreter, node: ast.Compare, left: Value, at: number): Value {
  const right = evaluate(vm, node.comparators[at]!)
  const value = compare(vm, node.ops[at]!, left, right, node)
  if (at === node.ops.length - 1) return value
  const truth = vm.truth(value, node)
  const rest = normal(() => evaluateCompare(vm, node, right, at + 1))
  return resultOf(
    vm.branchOn(
      truth,
      node,
      rest,
      normal(() => (truth instanceof Unknown ? truth : false)),
    ),
  )
}

function formatted(vm: Interpreter, node: ast.FormattedValue): Value {
  const value = evaluate(vm, node.value)
  const spec = node.spec ? evaluate(vm, node.spec) : ''
  return formatValue(vm, value, node.conversion, spec, node)
}

function evaluateCall(vm: Interpreter, node: ast.Call): Value {
  const callee = evaluate(vm, node.func)
  const args: Value[] = []
  let lost: Unknown | undefined
  for (const arg of node.args) {
    if (arg.kind !== 'Starred') args.push(evaluate(vm, arg))
    else lost = spread(vm, evaluate(vm, arg.value), args, arg) ?? lost
  }
  const kwargs = new Map<string, Value>()
  for (const keyword of node.keywords) {
    const value = evaluate(vm, keyword.value)
    if (keyword.arg !== undefined) kwargs.set(keyword.arg, value)
    else lost = spreadNamed(vm, value, kwargs, keyword) ?? lost
  }
  vm.frame.node = node
  if (lost) return callValue(vm, new Unknown(lost.reason, lost.place, [callee]), args, kwargs, node)
  return callValue(vm, callee, args, kwargs, node)
}

/** Adds what a `*value` stands for; the reason where it is not known. */
function spread(vm: Interpreter, value: Value, into: Value[], node: ast.Span): Unknown | undefined {
  const iterated = iterate(vm, value, node)
  if (!isKnown(iterated)) return iterated instanceof SymSeq ? vm.unknown('rows of the database', node) : iterated
  for (const item of iterated) {
    if (item instanceof Guarded) return vm.unknown('arguments that depend on the state of the database', node)
    vm.step()
    into.push(item)
  }
  return undefined
}

function spreadNamed(vm: Interpreter, given: Value, into: Map<string, Value>, node: ast.Span): Unknown | undefined {
  const value = vm.resolve(given)
  if (value instanceof Unknown) return value
  if (!(value instanceof Dict)) return vm.unknown('keyword arguments that are no dict', node)
  if (value.taint) return value.taint
  for (const entry of value.map.values()) {
    const item = vm.resolve(entry.value)
    if (item instanceof Guarded) return vm.unknown('arguments that depend on the state of the database', node)
    into.set(String(entry.key), item)
  }
  return undefined
}

function filledList(vm: Interpreter, node: ast.Sequence): Value {
  const list = new List()
  vm.allocate(node.elts.length * 16)
  for (const elt of node.elts) {
    if (elt.kind !== 'Starred') list.items.push(evaluate(vm, elt))
    else addAll(vm, list, evaluate(vm, elt.value), elt)
  }
  return list
}

function addAll(vm: Interpreter, list: List, value: Value, node: ast.Span): void {
  const iterated = iterate(vm, value, node)
  if (iterated instanceof SymSeq) list.tails = [...list.tails, iterated]
  else if (iterated instanceof Unknown) list.taint = iterated
  else {
    for (const item of iterated) {
      vm.step()
      list.items.push(item)
    }
  }
}

function tuple(vm: Interpreter, node: ast.Sequence): Value {
  if (!node.elts.some((elt) => elt.kind === 'Starred')) return new Tuple(node.elts.map((elt) => evaluate(vm, elt)))
  const list = filledList(vm, node) as List
  return list.taint ?? (list.tails.length > 0 ? vm.unknown('rows of the database', node) : new Tuple(list.items))
}

function filledSet(vm: Interpreter, node: ast.SetDisplay): Value {
  const list = filledList(vm, { ...node, kind: 'List' }) as List
  const set = new PySet()
  set.taint = list.taint
  set.tails = list.tails
  for (const item of list.items) addToSet(vm, set, item)
  return set
}

/** Adds to a set that nobody else has yet, or that has been touched. */
export function addToSet(vm: Interpreter, set: PySet, given: Value): void {
  const value = given instanceof Guarded ? given.value : given
  const key = keyOf(vm, value)
  if (key === undefined) set.taint ??= value instanceof Unknown ? value : vm.unknown('a member that is not known')
  else if (!set.map.has(key) || !(given instanceof Guarded)) set.map.set(key, { key: value, value: given })
}

function evaluateDict(vm: Interpreter, node: ast.Dict): Value {
  const dict = new Dict()
  node.keys.forEach((keyNode, at) => {
    const valueNode = node.values[at]!
    if (keyNode) setEntry(vm, dict, evaluate(vm, keyNode), evaluate(vm, valueNode))
    else mergeDict(vm, dict, evaluate(vm, valueNode))
  })
  return dict
}

export function setEntry(vm: Interpreter, dict: Dict, key: Value, value: Value): void {
  const hashed = keyOf(vm, key)
  if (hashed === undefined) dict.taint ??= key instanceof Unknown ? key : vm.unknown('a key that is not known')
  else dict.map.set(hashed, { key: dict.map.get(hashed)?.key ?? key, value })
}

export function mergeDict(vm: Interpreter, dict: Dict, given: Value): void {
  const value = vm.resolve(given)
  if (!(value instanceof Dict)) {
    dict.taint ??= value instanceof Unknown ? value : vm.unknown('a mapping that is not known')
    return
  }
  for (const [key, entry] of value.map) dict.map.set(key, entry)
  dict.taint ??= value.taint
  dict.tails = [...dict.tails, ...value.tails]
}

export function makeFunction(vm: Interpreter, node: ast.FunctionDef | ast.Lambda): Func {
  const { args } = node
  const defaults = args.defaults.map((value) => evaluate(vm, value))
  const kwDefaults = args.kwDefaults.map((value) => value && evaluate(vm, value))
  return new Func(node, closure(vm), vm.frame.module, defaults, kwDefaults)
}

/** Functions do not see the names of a class body around them. */
function closure(vm: Interpreter) {
  const { env } = vm.frame
  return env.store instanceof PyClass ? env.parent! : env
}

function yielded(vm: Interpreter, value: Value, node: ast.Span): Value {
  const { yielder } = vm.frame
  return yielder ? yielder(value) : vm.unknown('a yield outside a generator', node)
}

function yieldFrom(vm: Interpreter, node: ast.YieldFrom): Value {
  const iterated = iterate(vm, evaluate(vm, node.value), node)
  if (!isKnown(iterated)) return yielded(vm, iterated, node)
  for (const item of iterated) yielded(vm, item, node)
  return null
}
