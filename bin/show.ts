import { show } from '../lib/index.ts'
import { type Call, connecting } from './call.ts'

/** `show`: the texts of a migration, and their difference. */
export async function showVerb({ flags, args, report }: Call): Promise<number> {
  const result = await show({ ...connecting({ flags, report }), id: args[0]! })
  report.line(`${result.id}: ${result.state}${result.file ? `, ${result.file}` : ''}`)
  if (result.bytes !== null && result.current === null)
    report.line(`  its text of ${Math.round(result.bytes / 1e6)} MB is not shown: see the file`)
  for (const edit of result.edits ?? []) report.line(`  ${edit.words}`)
  report.data(result.diff ?? result.current ?? result.recorded ?? '')
  report.document({ ...result })
  return 0
}
