import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { decodeSource } from '../../lib/python/decode.ts'
import { excerpt, parse } from '../../lib/python/parse.ts'
import { dump } from './dump.ts'

const dumper = fileURLToPath(new URL('../../../test/python/ast_dump.py', import.meta.url))
const python = spawnSync(
  'python3',
  ['-c', 'import os, sys; print(sys.version_info[:2] >= (3, 11), os.path.dirname(os.__file__))'],
  {
    encoding: 'utf8',
  },
)
const [able, library] = (python.stdout ?? '').trim().split(' ')

/** Before 3.12 CPython's places inside f-strings are wrong; they are left out of the comparison. */
function comparable(value: unknown, inside = false): unknown {
  if (!Array.isArray(value)) return value
  const here = inside || value[0] === 'JoinedStr'
  const last = value.length - 1
  const made = value.map((item, at) => comparable(item, here && (inside || at !== last)))
  if (inside && typeof value[0] === 'string' && Array.isArray(value[last]) && typeof value[last][0] === 'number')
    made[last] = 0
  return made
}

t.test('the tree is the one that CPython makes of its own library', (t) => {
  if (able !== 'True') {
    t.comment('SKIPPED: python3 (3.11 or newer) is not on this machine: the parser was NOT held against it')
    return t.end()
  }
  const list = spawnSync(
    'python3',
    ['-c', `import glob; print('\\n'.join(sorted(glob.glob('${library}/*.py'))[:60]))`],
    { encoding: 'utf8' },
  )
  const dumped = spawnSync('python3', [dumper], { input: list.stdout, encoding: 'utf8', maxBuffer: 1 << 30 })
  const files = dumped.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { path: string; text: string; ast?: unknown })
  let same = 0
  for (const file of files) {
    if (!file.ast) continue
    const parsed = parse(file.text, file.path)
    const ours = 'module' in parsed ? comparable(JSON.parse(JSON.stringify(dump(parsed.module.body)))) : parsed.error
    if (JSON.stringify(ours) === JSON.stringify(comparable(file.ast))) same++
    else t.fail(`the tree of ${file.path} differs`)
  }
  t.ok(same > 30, `${same} files`)
  t.end()
})

const valid = [
  'match = 1\nmatch[0] = match\nmatch (x)\ntype = 2\ntype X[T: int, *Ts, **P] = list[T]\n',
  'def f[T](a, /, b: int = 1, *, c, **k) -> T: ...\n',
  'with (open(a) as b, c as d,): pass\nwith (a, b): pass\nwith (a), b: pass\n',
  `f'{x!r:>{w}} {{}} {d["k"]} {f"{y}"} {z=}'\nf"{'nested' + f"{"deeper"}"}"\n`,
  'try:\n  pass\nexcept* ValueError as e:\n  pass\n',
  '\ufeff# -*- coding: utf-8 -*-\r\nif x:\r\n\ty = 1 \\\r\n\t+ 2\r\n',
  'async def f():\n  async with a as b:\n    return [x async for x in y if await z]\n',
  'x[1:2, ::3, *a]\nprint(*a, **b, c=1)\nlambda *a, k=1, **b: (yield)\n',
]
t.test('valid source of every version is read', (t) => {
  for (const source of valid) t.notOk('error' in parse(source, 'x'), source.slice(0, 40))
  t.end()
})

const wrong: readonly [string, string][] = [
  ['x = (1,', "1:5 '(' is never closed"],
  ['if x\n  y', "1:5 expected ':', but the line ends here"],
  ['if x:\ny', '2:1 expected an indented block'],
  ['x = "a', '1:5 this string is never closed'],
  ['1 = x', '1:1 cannot assign to a literal'],
  ['f(a) = 1', '1:1 cannot assign to a function call'],
  ['if 1:\n\tx\n        y', '3:9 inconsistent use of tabs and spaces in indentation'],
  ['print "x"', '1:7 expected the end of the statement, found a string'],
  ['except_ = 1\ntry:\n  pass\nexcept A, e:\n  pass', '4:9 several exception types must be in parentheses'],
  ["f'{a'", '1:5 this string is never closed'],
  ['x = 0777', '1:5 leading zeros in decimal integers are not permitted; use 0o for octal'],
  ['é = "😀" + ', '1:11 expected an expression, but the line ends here'],
]
t.test('errors are values with a line, a column and a readable message', (t) => {
  for (const [source, expected] of wrong) {
    const parsed = parse(source, 'x')
    t.equal(
      'error' in parsed ? `${parsed.error.line}:${parsed.error.column} ${parsed.error.message}` : 'no error',
      expected,
      source,
    )
  }
  t.end()
})

t.test('an excerpt is the source of a node without its indentation', (t) => {
  const source = 'def f():\n    if a:\n        b()\n'
  const parsed = parse(source, 'x')
  if ('error' in parsed) return t.fail(parsed.error.message)
  const [def] = parsed.module.body
  if (def?.kind !== 'FunctionDef') return t.fail('no function')
  t.equal(excerpt(def.body[0]!, parsed.module.source), 'if a:\n    b()')
  t.end()
})

t.test('comments are kept with their places', (t) => {
  const parsed = parse('# one\nx = 1  # two\n', 'x')
  if ('error' in parsed) return t.fail(parsed.error.message)
  t.same(parsed.module.comments, [
    { line: 1, column: 1, text: ' one', alone: true },
    { line: 2, column: 8, text: ' two', alone: false },
  ])
  t.end()
})

t.test('an encoding comment and a BOM decide how bytes are read', (t) => {
  t.same(decodeSource(Buffer.from('# coding: latin-1\nx = "\xe9"', 'latin1')), { text: '# coding: latin-1\nx = "é"' })
  t.same(decodeSource(Buffer.from([0xef, 0xbb, 0xbf, 0x78])), { text: 'x' })
  t.same(decodeSource(Buffer.from([0x78, 0xff])), { error: 'the file is not valid UTF-8' })
  t.end()
})
