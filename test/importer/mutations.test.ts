import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { dialects } from '../../lib/dialects/dialects.ts'
import { convert } from '../../lib/importer/convert.ts'
import type { Planned } from '../../lib/importer/expectations.ts'
import { Knowledge } from '../../lib/importer/knowledge.ts'
import { checkStatements } from '../../lib/importer/render.ts'
import { ScriptRecorder } from '../../lib/importer/script-recorder.ts'
import { Interpreter } from '../../lib/python/interpreter.ts'
import { parse } from '../../lib/python/parse.ts'
import { emptySchema } from '../../lib/schema/table.ts'
import { Splitter } from '../../lib/text/split.ts'
import { readFolder } from '../../lib/verbs/legacy-folder.ts'

// Nothing is dropped in silence: whatever single thing goes missing on the way from the script to the file is noticed.

const history = convert(readFolder('legacy', /\.py$/), { dialects: ['postgres', 'mysql', 'sqlite'] })
const site = { node: { start: 0, end: 0, line: 1, column: 1 }, place: { file: 'x', line: 1, column: 1 }, stack: [] }

function planned(statements: readonly string[]): Planned {
  return { kind: 'sql', site, effects: 1, statements, notes: [], expects: [], when: [], above: false, where: [] }
}

t.test('a statement that is missing in a file is noticed, whichever it is', async (t) => {
  let mutants = 0
  for (const { conversions } of history.scripts) {
    for (const { text, dialect } of conversions) {
      const statements = [...new Splitter([text], dialects[dialect].lexis())].map((statement) => statement.text)
      const items = statements.map((statement) => planned([statement]))
      t.doesNotThrow(() => checkStatements(text, items, dialect))
      for (const statement of statements) {
        mutants++
        const mutant = text.replace(`${statement};`, '')
        t.throws(() => checkStatements(mutant, items, dialect), /has not the statements/, statement)
      }
    }
  }
  t.ok(mutants > 30, `${mutants} mutants`)
})

t.test('an effect that is in no statement and in no todo is counted as lost, whichever it is', async (t) => {
  const operations = ['CREATE TABLE a (id integer)', 'CREATE TABLE b (id integer)', 'DROP TABLE a']
  for (const lost of [0, 1, 2]) {
    const recorder = new ScriptRecorder(new Knowledge({ dialect: 'sqlite' }, emptySchema, true))
    const vm = new Interpreter({ resolveModule: () => undefined })
    const parsed = parse('', 'x.py')
    if ('module' in parsed) vm.run(parsed.module)
    for (const sql of operations) recorder.perform(vm, { kind: 'execute', sql, raw: true }, site.node)
    t.same(recorder.count(), { reached: 3, lost: 0 })
    recorder.items.splice(lost, 1)
    t.same(recorder.count(), { reached: 3, lost: 1 })
  }
})

t.test('the counts of the report are those of the script and of the file', async (t) => {
  for (const { source, conversions } of history.scripts) {
    for (const { text, dialect, statements, todos, effects } of conversions) {
      const found = [...new Splitter([text], dialects[dialect].lexis())].length
      t.equal(statements, found, `${basename(source)} for ${dialect}`)
      t.equal(todos.length, text.match(/^-- sqlmig: todo /gm)?.length ?? 0)
      const script = readFileSync(join('legacy', basename(source)), 'utf8')
      const calls =
        script.match(/(?:op|batch_op)\.(?!get_bind|f\(|batch_alter)\w+\(|conn\.execute\(text\((?!query|f")/g) ?? []
      if (source.includes('form_title_search')) t.equal(effects, 1, 'one of its three branches')
      else if (!source.includes('form_slug')) t.equal(effects, upgradeOnly(script, calls), basename(source))
    }
  }
})

/** Calls of `downgrade` are dropped. */
function upgradeOnly(script: string, calls: readonly string[]): number {
  const down = script.slice(script.indexOf('def downgrade'))
  return calls.length - (down.match(/op\.\w+\(/g)?.length ?? 0)
}
