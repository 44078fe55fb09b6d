import type { Group } from '../compiler/case.ts'
import type { Run } from '../compiler/judge.ts'
import { imported, revision } from './imported.ts'
import { batches } from './revisions/batches.ts'
import { directives } from './revisions/directives.ts'
import { newer, others } from './revisions/scripts.ts'

export const revisions: readonly Group[] = [directives, batches, others, newer]

/** A case by its Python, as the importer reads it. */
export const byImport: Run = (test, target) => {
  const { statements, notes, todos, schema } = imported(revision(test.python), target)
  const [problem] = todos
  return { statements, notes, schema, ...(problem !== undefined && { problem }) }
}
