import { accept, adopt, baseline, rebase, resolve } from '../lib/index.ts'
import { type Call, connecting } from './call.ts'
import { on, required, text, tool, usage, whole } from './options.ts'
import { adoptLines } from './results.ts'

/** `accept`: an edited text becomes the truth. */
export async function acceptVerb({ flags, args, report }: Call): Promise<number> {
  const id = args[0]!
  const example = `for example: sqlmig accept ${id} --reason "run by hand, ticket 12"`
  const reason = required(text(flags, 'reason'), '"accept" needs --reason: it is kept in the ledger', example)
  const result = await accept({ ...connecting({ flags, report }), id, reason })
  report.line(`${result.id} is recorded as its file is now; nothing was run`)
  report.document({ ...result })
  return 0
}

/** `rebase`: a pending file gets a fresh timestamp. */
export async function rebaseVerb({ flags, args, report }: Call): Promise<number> {
  const result = await rebase({ ...connecting({ flags, report }), id: args[0]! })
  for (const { from, to } of result.files) report.line(`renamed ${from} to ${to}`)
  report.document({ ...result })
  return 0
}

/** `resolve`: a person says how far a half-applied migration got. */
export async function resolveVerb({ flags, args, report }: Call): Promise<number> {
  const id = args[0]!
  const example = `for example: sqlmig resolve ${id} --through 2 --reason "the index is there"`
  const notStarted = on(flags, 'not-started')
  const given = whole(flags, 'through', 0)
  if (notStarted && given !== undefined) throw usage('--through and --not-started exclude each other', example)
  const through = notStarted ? undefined : required(given, '"resolve" needs --through N or --not-started', example)
  const result = await resolve({ ...connecting({ flags, report }), id, through, reason: text(flags, 'reason') })
  const next = result.state === 'applied' ? 'it counts as applied' : 'the next "sqlmig up" goes on after that'
  report.line(`${result.id} is done through statement ${result.done}: ${next}`)
  report.document({ ...result })
  return 0
}

/** `baseline`: recorded, not run. */
export async function baselineVerb({ flags, args, report }: Call): Promise<number> {
  const result = await baseline({ ...connecting({ flags, report }), id: args[0]!, reason: text(flags, 'reason') })
  for (const id of result.recorded) report.line(`  recorded ${id}`)
  report.line(result.recorded.length === 0 ? 'all of it is recorded already' : 'nothing was run')
  report.document({ ...result })
  return 0
}

/** `adopt`: the same, as another tool's table tells. */
export async function adoptVerb({ flags, report }: Call): Promise<number> {
  const result = await adopt({
    ...connecting({ flags, report }),
    from: tool(flags),
    toolTable: text(flags, 'tool-table'),
    to: text(flags, 'to'),
    dryRun: on(flags, 'dry-run'),
    reason: text(flags, 'reason'),
  })
  for (const line of adoptLines(result)) report.line(line)
  report.document({ ...result })
  return 0
}
