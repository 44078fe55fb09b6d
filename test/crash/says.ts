import type { Outcome } from '../cli.ts'
import type { UpDocument } from '../project.ts'
import type { Database } from '../servers/databases.ts'

interface Row {
  readonly event: unknown
  readonly id: unknown
  readonly done: unknown
}

/** What is wrong with what a run has told when its connection was cut: compared with the ledger. */
export async function saysWhereItStands(database: Database, outcome: Outcome): Promise<string | undefined> {
  const document = outcome.json() as UpDocument
  const rows = await ledgerOf(database)
  const applied = rows.filter(({ event }) => event === 'applied').map(({ id }) => id)
  const told = (document.applied ?? []).map(({ id }) => id)
  if (told.join() !== applied.join()) return `told as applied: ${told}; in the ledger: ${applied}`
  if (outcome.code === 0) return document.pending.length > 0 ? 'it says that all went well' : undefined
  const { code, state } = document.error!
  // before anything was asked, or planned
  if (code === 'connection' || code === 'authentication') return applied.length > 0 ? `${code}: ${state}` : undefined
  if (code !== 'lost-connection') return `an error of another kind: ${code}`
  return standing(String(state), rows, applied.length)
}

function standing(state: string, rows: readonly Row[], applied: number): string | undefined {
  const started = rows.findLast(
    ({ event, id }) => event === 'started' && !rows.some((row) => row.event === 'applied' && row.id === id),
  )
  const half = /^(\w+) is half done: (\d+) of its statements are recorded as done$/.exec(state)
  const all = /^the ledger was asked: nothing is left to do; (\d+) migrations? applied by this run$/.exec(state)
  const not = /^the ledger was asked: (\w+) did not take effect; (\d+) migrations? applied by this run$/.exec(state)
  const wrong = `it says "${state}"; the ledger has ${applied} applied, ${started ? `${started.id} started and ${started.done} done` : 'none started'}`
  if (half) return started?.id === half[1] && Number(started?.done) === Number(half[2]) ? undefined : wrong
  if (not) return !started && Number(not[2]) === applied ? undefined : wrong
  if (all) return !started && Number(all[1]) === applied ? undefined : wrong
  if (state === 'nothing was run') return !started && applied === 0 ? undefined : wrong
  return wrong
}

async function ledgerOf({ query }: Database): Promise<Row[]> {
  try {
    return (await query('select event, id, done from sqlmig_history order by seq')) as unknown as Row[]
  } catch {
    return [] // not made yet
  }
}
