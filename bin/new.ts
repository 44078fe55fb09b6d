import { newFromEdit, newMigration } from '../lib/index.ts'
import { type Call, connecting } from './call.ts'
import { on, required, text, usage } from './options.ts'
import { newDiffVerb } from './schema.ts'

/** `new`: an empty migration, one that a difference fills, or one that an edit is moved into. */
export async function newVerb(call: Call): Promise<number> {
  const { flags, args, report } = call
  const edited = text(flags, 'from-edit')
  if (edited !== undefined) return fromEdit(call, edited)
  const slug = required(args[0], '"new" needs a name for the migration', 'for example: sqlmig new add_lead_source')
  if (on(flags, 'diff')) return newDiffVerb(call)
  const result = await newMigration({ dir: text(flags, 'dir'), slug })
  report.line(`wrote ${result.file}`)
  report.document({ ...result })
  return 0
}

async function fromEdit({ flags, args, report }: Call, id: string): Promise<number> {
  if (on(flags, 'diff')) throw usage('--from-edit and --diff exclude each other', 'give one of them')
  const result = await newFromEdit({ ...connecting({ flags, report }), id, slug: args[0] })
  report.line(`wrote ${result.file}: the edited text; reduce it to what has yet to be run, and take its todo away`)
  report.line(`restored ${result.restored}: as it was applied`)
  report.document({ ...result })
  return 0
}
