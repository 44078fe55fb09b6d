import t from 'tap'
import { benches, judge, judgeMissing } from '../compiler/judge.ts'
import { byImport, revisions } from './revisions.ts'

// Every revision makes and drops two databases.
t.setTimeout(600_000)

const missing = judgeMissing()
if (missing) {
  process.stderr.write(`\n*** NOT JUDGED: ${missing}; imported revisions are not compared with real Alembic ***\n\n`)
  t.pass('skipped', { skip: missing })
} else {
  for (const bench of benches()) {
    t.test(`an import leaves the catalogue of Alembic's run on ${bench.flavor ?? bench.dialect}`, async (t) => {
      for (const v of judge(revisions, bench, byImport))
        t.ok(['equal', 'beyond'].includes(v.verdict), `${v.case}: ${v.verdict}`, { details: v.details })
    })
  }
}
