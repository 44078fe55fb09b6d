import { script } from '../lib/index.ts'
import { type Call, connecting } from './call.ts'
import { on, text, whole } from './options.ts'
import { writeOut } from './write-out.ts'

/** `script`: the plan as a file. */
export async function scriptVerb({ flags, report }: Call): Promise<number> {
  const goal = { to: text(flags, 'to'), steps: whole(flags, 'steps', 1), outOfOrder: on(flags, 'out-of-order') }
  const out = text(flags, 'out')
  const { sql, pending } = await script({ ...connecting({ flags, report }), ...goal, out })
  if (out === undefined) report.data(sql)
  else writeOut(out, sql)
  const what = `${pending.length} ${pending.length === 1 ? 'migration' : 'migrations'}`
  report.line(out === undefined ? what : `wrote ${what} to ${out}`)
  report.document(out === undefined ? { sql, pending } : { out, pending })
  return 0
}
