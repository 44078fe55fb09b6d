import { readFileSync } from 'node:fs'
import t from 'tap'
import { Interpreter } from '../../lib/python/interpreter.ts'
import { parse } from '../../lib/python/parse.ts'

const folder = new URL('../../../test/python/', import.meta.url)

t.test('small programs print what python3 prints', (t) => {
  const source = readFileSync(new URL('programs.py', folder), 'utf8')
  const expected = readFileSync(new URL('programs.expected', folder), 'utf8').split('\n')
  const parsed = parse(source, 'programs.py')
  if ('error' in parsed) return t.fail(parsed.error.message)
  const printed: string[] = []
  const vm = new Interpreter({ resolveModule: () => undefined, onPrint: (text) => printed.push(text) })
  t.notOk('failed' in vm.run(parsed.module), 'it runs to its end')
  t.same(`${printed.join('\n')}\n`.split('\n'), expected)
  t.end()
})

const unknowns: readonly [string, string][] = [
  ['import os\nx = os.getenv("A")', 'the environment'],
  ['from app.models import T\nx = T.y(1)[2] + 3', 'from app.models import T'],
  ['x = open("/etc/passwd").read()', 'open() is not run'],
  ['x = __import__("os").system("true")', '__import__() is not run'],
  ['import uuid\nx = f"{uuid.uuid4()}"', 'uuid4() is made anew by each run'],
  ['from datetime import datetime\nx = datetime.now().isoformat()', 'datetime.now() differs from run to run'],
  ['import re\nx = re.match("(a+)+$", "aaaa")', 'a regular expression that cannot be translated safely'],
  ['x = hash("a")', 'hash() differs between runs'],
]
t.test('what reading cannot tell is unknown, with the reason', (t) => {
  for (const [source, reason] of unknowns) {
    const parsed = parse(source, 'x.py')
    if ('error' in parsed) return t.fail(parsed.error.message)
    const vm = new Interpreter({ resolveModule: () => undefined })
    vm.run(parsed.module)
    const value = vm.getGlobal('x') as { kind?: string; reason?: string } | null | undefined
    t.equal(value?.kind === 'unknown' ? value.reason : String(value), reason, source)
  }
  t.end()
})
