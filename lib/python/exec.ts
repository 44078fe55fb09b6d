import type * as ast from './ast.ts'
import { setAttribute } from './attributes.ts'
import { callValue } from './calls.ts'
import { makeClass } from './classes.ts'
import { evaluate, makeFunction, normal } from './eval.ts'
import { importFrom, importName } from './imports.ts'
import { deleteIndex, setIndex } from './indexing.ts'
import type { Interpreter } from './interpreter.ts'
import { drawAll } from './iterate.ts'
import { execFor, execWhile } from './loops.ts'
import { execMatch } from './matching.ts'
import { assignName, deleteName } from './names.ts'
import { inPlace } from './operators.ts'
import { type Completion, done } from './outcome.ts'
import { endOf, execRaise, execTry } from './tries.ts'
import { negated } from './truth.ts'
import { Dict, Func, List, PyClass, Sym, SymSeq, Unknown, type Value } from './values.ts'
import { execWith } from './withs.ts'

export function execBlock(vm: Interpreter, body: readonly ast.Stmt[]): Completion {
  for (const statement of body) {
    const completion = execStatement(vm, statement)
    if (completion.type !== 'normal') return completion
  }
  return done
}

function execStatement(vm: Interpreter, node: ast.Stmt): Completion {
  vm.step()
  vm.frame.node = node
  return vm.deeper(() => execNode(vm, node))
}

function execNode(vm: Interpreter, node: ast.Stmt): Completion {
  switch (node.kind) {
    case 'Return':
      return { type: 'return', value: node.value ? evaluate(vm, node.value) : null }
    case 'Break':
      return { type: 'break' }
    case 'Continue':
      return { type: 'continue' }
    case 'If':
      return execIf(vm, node)
    case 'For':
      return execFor(vm, node)
    case 'While':
      return execWhile(vm, node)
    case 'Try':
      return execTry(vm, node)
    case 'With':
      return execWith(vm, node, 0)
    case 'Match':
      return execMatch(vm, node)
    case 'Raise':
      return execRaise(vm, node)
    default:
      execPlain(vm, node)
      return done
  }
}

type Plain = Exclude<ast.Stmt, ast.Return | ast.If | ast.For | ast.While | ast.Try | ast.With | ast.Match | ast.Raise>

function execPlain(vm: Interpreter, node: Plain): void {
  switch (node.kind) {
    case 'Expr':
      evaluate(vm, node.value)
      return
    case 'Assign': {
      const value = evaluate(vm, node.value)
      for (const target of node.targets) assignTarget(vm, target, value)
      return
    }
    case 'AugAssign':
      execAugmented(vm, node)
      return
    case 'AnnAssign':
      if (node.value) assignTarget(vm, node.target, evaluate(vm, node.value))
      if (vm.frame.env.store instanceof PyClass && node.target.kind === 'Name') annotate(vm, vm.frame.env.store, node)
      return
    case 'FunctionDef':
      assignName(vm, node.name, decorated(vm, makeFunction(vm, node), node.decorators))
      return
    case 'ClassDef':
      assignName(vm, node.name, decorated(vm, makeClass(vm, node), node.decorators))
      return
    case 'Delete':
      for (const target of node.targets) deleteTarget(vm, target)
      return
    case 'Import':
      for (const alias of node.names) importName(vm, alias)
      return
    case 'ImportFrom':
      importFrom(vm, node)
      return
    case 'Assert':
      execAssert(vm, node)
      return
    case 'TypeAlias':
      assignName(vm, node.name.id, vm.unknown('a type alias', node))
      return
    default:
  }
}

/** `elif` chains may be long: only an open condition recurses. */
function execIf(vm: Interpreter, given: ast.If): Completion {
  let node = given
  for (;;) {
    const truth = vm.truth(evaluate(vm, node.test), node.test)
    const { body, orelse } = node
    if (truth instanceof Unknown) return execUnknownIf(vm, node, truth)
    if (typeof truth !== 'boolean') {
      return vm.branchOn(
        truth,
        node,
        () => execBlock(vm, body),
        () => execBlock(vm, orelse),
      )
    }
    if (truth) return execBlock(vm, body)
    const next = orelse[0]
    if (orelse.length !== 1 || next?.kind !== 'If') return execBlock(vm, orelse)
    vm.step()
    vm.frame.node = node = next
  }
}

function execUnknownIf(vm: Interpreter, node: ast.If, unknown: Unknown): Completion {
  const [stops, other] = endOf(node.body) === 'raises' ? [node.body, node.orelse] : [node.orelse, node.body]
  const run = (block: readonly ast.Stmt[]) => () => execBlock(vm, block)
  if (endOf(stops) !== 'raises' || vm.goingOn > 0) return vm.branchOn(unknown, node, run(node.body), run(node.orelse))
  vm.host.onAssumed?.({ unknown, node, site: vm.site(node) })
  const ends = vm.branches.arm(vm.doubt(unknown, node), run(stops))
  if (ends.every(({ completion }) => completion.type === 'raise')) return execBlock(vm, other)
  return vm.branchOn(unknown, node, run(node.body), run(node.orelse))
}

function execAssert(vm: Interpreter, node: ast.Assert): void {
  const truth = vm.truth(evaluate(vm, node.test), node.test)
  // An assertion about something unknown is taken to hold: it only stops what must not go on.
  if (truth instanceof Unknown) return
  const fail = normal(() => {
    const message = node.msg ? vm.text(evaluate(vm, node.msg), 'str') : ''
    return vm.raise('AssertionError', typeof message === 'string' ? message : '…')
  })
  vm.branchOn(negated(truth), node, fail, () => done)
}

function execAugmented(vm: Interpreter, node: ast.AugAssign): void {
  const { target } = node
  if (target.kind === 'Attribute') {
    const object = evaluate(vm, target.value)
    const left = vm.attribute(object, target.attr, target)
    setAttribute(vm, object, target.attr, inPlace(vm, node.op, left, evaluate(vm, node.value), node), node)
    return
  }
  const left = evaluate(vm, target)
  assignTarget(vm, target, inPlace(vm, node.op, left, evaluate(vm, node.value), node))
}

function annotate(vm: Interpreter, cls: PyClass, node: ast.AnnAssign): void {
  const held = cls.map.get('__annotations__')?.value
  const annotations = held instanceof Dict ? held : new Dict()
  const { id } = node.target as ast.Name
  const { source } = vm.currentModule.node ?? { source: '' }
  const text = source.slice(node.annotation.start, node.annotation.end)
  annotations.map.set(`s${id}`, { key: id, value: text })
  cls.map.set('__annotations__', { key: '__annotations__', value: annotations })
}

function decorated(vm: Interpreter, made: Value, decorators: readonly ast.Expr[]): Value {
  const functions = decorators.map((decorator) => evaluate(vm, decorator))
  return functions.reduceRight<Value>(
    (value, decorator, at) => applyDecorator(vm, decorator, value, decorators[at]!),
    made,
  )
}

/** What an unknown decorator makes of a function is unknown; the function is visited where it is called. */
function applyDecorator(vm: Interpreter, decorator: Value, value: Value, node: ast.Span): Value {
  if (!(decorator instanceof Unknown)) return callValue(vm, decorator, [value], new Map(), node)
  vm.host.onUnknownCall?.(decorator, [value], new Map(), vm.site(node))
  const name = value instanceof Func ? value.name : 'a class'
  return vm.unknown(`${name} is wrapped by a decorator that is not known: ${decorator.reason}`, node, [value])
}

export function assignTarget(vm: Interpreter, target: ast.Expr, value: Value): void {
  switch (target.kind) {
    case 'Name':
      assignName(vm, target.id, value)
      return
    case 'Attribute':
      setAttribute(vm, evaluate(vm, target.value), target.attr, value, target)
      return
    case 'Subscript':
      setIndex(vm, evaluate(vm, target.value), evaluate(vm, target.slice), value, target)
      return
    case 'Starred':
      assignTarget(vm, target.value, value)
      return
    case 'List':
    case 'Tuple':
      unpack(vm, target, value)
      return
    default:
  }
}

function unpack(vm: Interpreter, target: ast.Sequence, given: Value): void {
  const value = vm.resolve(given)
  const { elts } = target
  const star = elts.findIndex((elt) => elt.kind === 'Starred')
  if (value instanceof Sym) {
    unpackSymbolic(vm, elts, value)
    return
  }
  const items = value instanceof SymSeq ? vm.unknown('rows of the database', target) : drawAll(vm, value, target)
  if (items instanceof Unknown) {
    for (const elt of elts) assignTarget(vm, elt, items)
    return
  }
  if (star < 0 ? items.length !== elts.length : items.length < elts.length - 1) {
    const few = items.length < elts.length
    vm.raise(
      'ValueError',
      few
        ? `not enough values to unpack (expected ${elts.length}, got ${items.length})`
        : `too many values to unpack (expected ${elts.length})`,
    )
  }
  const after = elts.length - 1 - star
  elts.forEach((elt, at) => {
    if (at === star) assignTarget(vm, elt, new List(items.slice(star, items.length - after)))
    else assignTarget(vm, elt, items[star >= 0 && at > star ? items.length - elts.length + at : at]!)
  })
}

/** The fields of a row by their position; after a star, from its end. */
function unpackSymbolic(vm: Interpreter, elts: readonly ast.Expr[], value: Sym): void {
  const star = elts.findIndex((elt) => elt.kind === 'Starred')
  elts.forEach((elt, at) => {
    const index = star >= 0 && at > star ? at - elts.length : at
    if (at === star) assignTarget(vm, elt, vm.unknown('fields of a row', elt))
    else assignTarget(vm, elt, new Sym({ op: 'item', of: value.expr, key: BigInt(index) }))
  })
}

function deleteTarget(vm: Interpreter, target: ast.Expr): void {
  if (target.kind === 'Name') deleteName(vm, target.id)
  else if (target.kind === 'Subscript') deleteIndex(vm, evaluate(vm, target.value), evaluate(vm, target.slice), target)
  else if (target.kind === 'Tuple' || target.kind === 'List') for (const elt of target.elts) deleteTarget(vm, elt)
  else if (target.kind === 'Attribute') {
    const object = vm.resolve(evaluate(vm, target.value))
    if (object !== null && typeof object === 'object' && 'map' in object && object.kind === 'instance') {
      vm.branches.touch(object)
      object.map.delete(target.attr)
    }
  }
}
