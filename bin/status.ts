import { checkExit, current, exitCodes, history, status, verifyHistory } from '../lib/index.ts'
import { type Call, connecting } from './call.ts'
import { on, text } from './options.ts'
import { historyLines, remedyOf, statusLines, verifiedHistoryLines } from './results.ts'

/** `status`: a line for each migration; `--check` and `--drift` make its exit code speak. */
export async function statusVerb({ flags, report }: Call): Promise<number> {
  const result = await status(connecting({ flags, report }))
  for (const line of statusLines(result, report.paint)) report.line(line)
  const drifted = on(flags, 'drift') ? await (await import('./drift.ts')).tellDrift({ flags, report }) : undefined
  report.document(drifted ? { ...result, drift: drifted } : { ...result })
  const exit = on(flags, 'check') ? checkExit(result) : 0
  if (exit !== 0) report.line(remedyOf(result, report.paint))
  return exit === 0 && drifted?.same === false ? exitCodes.different : exit
}

/** `current`: an id alone, for scripts. */
export async function currentVerb({ flags, report }: Call): Promise<number> {
  const result = await current(connecting({ flags, report }))
  if (result.id === null) report.line('nothing is applied')
  report.data(result.id ?? '')
  report.document({ ...result })
  return 0
}

/** `history`: the rows of the ledger, newest first; `--verify`: that they are as they were written. */
export async function historyVerb({ flags, report }: Call): Promise<number> {
  if (on(flags, 'verify')) return verifyHistoryVerb({ flags, report })
  const result = await history(connecting({ flags, report }))
  for (const line of historyLines(result, on(flags, 'verbose'), report.paint)) report.line(line)
  report.document({ ...result })
  return 0
}

async function verifyHistoryVerb({ flags, report }: Pick<Call, 'flags' | 'report'>): Promise<number> {
  const verified = await verifyHistory({ ...connecting({ flags, report }), head: text(flags, 'head') })
  for (const line of verifiedHistoryLines(verified, report.paint)) report.line(line)
  report.document({ ...verified })
  return verified.verified ? 0 : 4
}
