import t from 'tap'
import { groups } from './cases.ts'
import { benches, judge, judgeMissing } from './judge.ts'

// Every case makes and drops two databases.
t.setTimeout(600_000)

const missing = judgeMissing()
if (missing) {
  process.stderr.write(`\n*** NOT JUDGED: ${missing}; the compiler is not compared with real Alembic ***\n\n`)
  t.pass('skipped', { skip: missing })
} else {
  const all = benches()
  for (const absent of ['postgres', 'mysql'].filter((d) => !all.some((b) => b.dialect === d))) {
    process.stderr.write(`\n*** NOT JUDGED on ${absent}: set SQLMIG_JUDGE_${absent.toUpperCase()} ***\n\n`)
  }
  for (const bench of all) judgeOn(bench)
}

function judgeOn(bench: ReturnType<typeof benches>[number]): void {
  t.test(
    `our SQL leaves the catalogue of Alembic's run on ${bench.flavor ?? bench.dialect}`,
    { timeout: 600_000 },
    async (t) => {
      const verdicts = judge(groups, bench)
      const good = ['equal', 'both refuse', 'beyond']
      for (const v of verdicts) t.ok(good.includes(v.verdict), `${v.case}: ${v.verdict}`, { details: v.details })
      const kinds = [...new Set(verdicts.map((v) => v.verdict))]
      t.comment(kinds.map((kind) => `${kind}: ${verdicts.filter((v) => v.verdict === kind).length}`).join(', '))
    },
  )
}
