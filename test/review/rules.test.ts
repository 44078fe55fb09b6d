import { readFileSync } from 'node:fs'
import t from 'tap'
import { rules } from '../../lib/review/rules.ts'
import { type Case, commonCases } from './cases.ts'
import { mysqlCases } from './mysql-cases.ts'
import { postgresCases } from './postgres-cases.ts'
import { reviewed, rulesOf } from './reviewed.ts'
import { sqliteCases } from './sqlite-cases.ts'

const cases: readonly Case[] = [...commonCases, ...postgresCases, ...mysqlCases, ...sqliteCases]

function shown(files: string | readonly string[]): string {
  return [files].flat().join(' | ').replace(/\s+/g, ' ').trim()
}

for (const { rule, dialect, landed, finds, passes } of cases) {
  t.test(`${rule} on ${dialect}`, async (t) => {
    for (const files of finds) {
      const remarks = reviewed([files].flat(), { dialect, landed }).filter((remark) => remark.rule === rule)
      t.ok(remarks.length > 0, `finds ${shown(files)}`)
      for (const { message, safe } of remarks) {
        t.notMatch(message, /\. |undefined|\[object|\.$/, 'one sentence')
        t.match(safe, /^(--|[A-Z])/, 'the safe way is SQL')
        t.notMatch(safe, /undefined|\[object/)
      }
    }
    for (const files of passes)
      t.notOk(rulesOf(reviewed([files].flat(), { dialect, landed })).includes(rule), `passes ${shown(files)}`)
  })
}

t.test('every rule has a case that it finds and one that it must not find, in each of its dialects', async (t) => {
  const without = rules.flatMap(({ name, dialects }) =>
    dialects
      .filter(
        (dialect) =>
          !cases.some(
            (one) => one.rule === name && one.dialect === dialect && one.finds.length > 0 && one.passes.length > 0,
          ),
      )
      .map((dialect) => `${name} on ${dialect}`),
  )
  t.same(without, [])
})

t.test('names of rules are stable words', async (t) => {
  for (const { name } of rules) t.match(name, /^[a-z]+(-[a-z]+)*$/)
  const pairs = rules.flatMap(({ name, dialects }) => dialects.map((dialect) => `${name} ${dialect}`))
  t.equal(new Set(pairs).size, pairs.length, 'one rule of a name in each dialect')
})

t.test('the README has every rule', async (t) => {
  const readme = readFileSync('README.md', 'utf8')
  for (const { name, severity, about } of rules)
    t.ok(
      readme
        .split('\n')
        .some((line) => [`| \`${name}\` |`, `| ${severity} |`, about].every((part) => line.includes(part))),
      name,
    )
})
