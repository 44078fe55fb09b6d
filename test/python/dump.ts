import { Bytes } from '../../lib/python/bytes.ts'

/** The AST in the canonical form that `ast_dump.py` gives CPython's: names and order of fields as in Python's `ast`. */
export function dump(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map(dump)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'object') return value
  return node(value as Record<string, unknown>)
}

const fields: Readonly<Record<string, readonly string[]>> = {
  Name: ['id'],
  BoolOp: ['op', 'values'],
  NamedExpr: ['target', 'value'],
  BinOp: ['left', 'op', 'right'],
  UnaryOp: ['op', 'operand'],
  Lambda: ['args', 'body'],
  IfExp: ['test', 'body', 'orelse'],
  Dict: ['keys', 'values'],
  Set: ['elts'],
  ListComp: ['elt', 'generators'],
  SetComp: ['elt', 'generators'],
  GeneratorExp: ['elt', 'generators'],
  DictComp: ['key', 'value', 'generators'],
  Await: ['value'],
  Yield: ['value'],
  YieldFrom: ['value'],
  Compare: ['left', 'ops', 'comparators'],
  Call: ['func', 'args', 'keywords'],
  FormattedValue: ['value', 'conversion', 'spec'],
  JoinedStr: ['values'],
  Attribute: ['value', 'attr'],
  Subscript: ['value', 'slice'],
  Starred: ['value'],
  List: ['elts'],
  Tuple: ['elts'],
  Slice: ['lower', 'upper', 'step'],
  FunctionDef: ['name', 'args', 'body', 'decorators', 'returns'],
  ClassDef: ['name', 'bases', 'keywords', 'body', 'decorators'],
  Return: ['value'],
  Delete: ['targets'],
  Assign: ['targets', 'value'],
  AugAssign: ['target', 'op', 'value'],
  AnnAssign: ['target', 'annotation', 'value', 'simple'],
  For: ['target', 'iter', 'body', 'orelse'],
  While: ['test', 'body', 'orelse'],
  If: ['test', 'body', 'orelse'],
  With: ['items', 'body'],
  Match: ['subject', 'cases'],
  Raise: ['exc', 'cause'],
  Try: ['body', 'handlers', 'orelse', 'finalbody'],
  ExceptHandler: ['type', 'name', 'body'],
  Assert: ['test', 'msg'],
  Import: ['names'],
  ImportFrom: ['module', 'names', 'level'],
  Global: ['names'],
  Nonlocal: ['names'],
  Expr: ['value'],
  Pass: [],
  Break: [],
  Continue: [],
  MatchValue: ['value'],
  MatchSingleton: ['value'],
  MatchSequence: ['patterns'],
  MatchMapping: ['keys', 'patterns', 'rest'],
  MatchClass: ['cls', 'patterns', 'kwdAttrs', 'kwdPatterns'],
  MatchStar: ['name'],
  MatchAs: ['pattern', 'name'],
  MatchOr: ['patterns'],
}

function node(value: Record<string, unknown>): unknown {
  const kind = value.kind as string | undefined
  if (kind === 'Constant') return ['Constant', constant(value.value), place(value)]
  if (kind === undefined) return bare(value)
  if (kind === 'MatchSingleton')
    return [kind, value.value === null ? 'None' : value.value ? 'True' : 'False', place(value)]
  const name = `${value.isAsync ? 'Async' : ''}${kind}${value.star ? 'Star' : ''}`
  return [name, ...fields[kind]!.map((field) => dump(value[field])), place(value)]
}

/** Nodes without a kind of their own: aliases, arguments, keywords, comprehensions, cases. */
function bare(value: Record<string, unknown>): unknown {
  if ('generators' in value) return null
  if ('posonly' in value) {
    const names = ['posonly', 'args', 'vararg', 'kwonly', 'kwDefaults', 'kwarg', 'defaults']
    return ['arguments', ...names.map((name) => dump(value[name]))]
  }
  if ('annotation' in value) return ['arg', value.arg, dump(value.annotation), place(value)]
  if ('asname' in value) return ['alias', value.name, value.asname ?? null, place(value)]
  if ('ifs' in value)
    return ['comprehension', dump(value.target), dump(value.iter), dump(value.ifs), value.isAsync ? 1 : 0]
  if ('context' in value) return ['withitem', dump(value.context), dump(value.target)]
  if ('pattern' in value) return ['match_case', dump(value.pattern), dump(value.guard), dump(value.body)]
  return ['keyword', value.arg ?? null, dump(value.value), place(value)]
}

function place(value: Record<string, unknown>): unknown {
  return [value.line, value.column, value.start, value.end]
}

function constant(value: unknown): unknown {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'bigint') return `int ${value}`
  if (typeof value === 'number') return `float ${bits(value)}`
  if (typeof value === 'string') return `str ${value}`
  if (value instanceof Bytes) return `bytes ${value.data}`
  const { kind, imaginary } = value as { kind: string; imaginary?: number }
  return kind === 'ellipsis' ? 'Ellipsis' : `complex ${bits(imaginary!)}`
}

function bits(value: number): string {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return view.getBigUint64(0).toString(16)
}
