import { readFileSync } from 'node:fs'
import { statementEdits } from '../chain/statement-edits.ts'
import { unifiedDiff } from '../chain/unified-diff.ts'
import type { Session } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import type { LedgerRow } from '../ledger/rows.ts'
import { readBody } from '../ledger/table.ts'
import type { ReportedEdit, ReportedText } from '../pages/report.ts'
import type { Standing } from '../runner/plan.ts'
import type { Lexis } from '../text/lexis.ts'
import { moment } from '../text/times.ts'
import type { Database } from './context.ts'
import { shortened } from './report-files.ts'

/** Larger texts are not compared: nobody reads such a difference on a page. */
const mostCompared = 512 * 1024

/** The hand edits of an applied file: those that were accepted, then the one that the file has now. */
export async function editsOf(
  standing: Standing,
  { session, table, lexis }: Pick<Database, 'session' | 'table' | 'lexis'>,
): Promise<readonly ReportedEdit[]> {
  const { id, state, file, recorded } = standing
  if (!recorded) return []
  const versions = [recorded.row, ...recorded.accepted]
  const isEdited = file !== undefined && (state === 'changed' || state === 'reformatted')
  if (versions.length === 1 && !isEdited) return []
  const texts: (string | undefined)[] = []
  for (const { seq } of versions) texts.push(await readBody(session, table, seq))
  const edits: ReportedEdit[] = []
  for (const [at, row] of recorded.accepted.entries()) {
    edits.push({ ...acceptedBy(row), ...(await difference(id, [texts[at], texts[at + 1]], lexis)) })
  }
  if (isEdited) {
    const title = `What the file says now, against what was ${recorded.accepted.length > 0 ? 'accepted last' : 'applied'}`
    const now = readFileSync(file.path, 'utf8')
    edits.push({ title, by: undefined, reason: undefined, ...(await difference(id, [texts.at(-1), now], lexis)) })
  }
  return edits
}

function acceptedBy({ at, user, host, note }: LedgerRow): Pick<ReportedEdit, 'title' | 'by' | 'reason'> {
  return { title: 'Accepted', by: `${moment(at)} by ${user} on ${host}`, reason: note ?? undefined }
}

async function difference(
  id: string,
  [before, after]: readonly [string | undefined, string | undefined],
  lexis: Lexis,
): Promise<Pick<ReportedEdit, 'words' | 'diff' | 'without'>> {
  const not = (without: string) => ({ words: [], diff: undefined, without })
  if (before === undefined || after === undefined) return not('The ledger has kept no text to compare with.')
  if (before === after) return not('The texts are the same.')
  if (before.length + after.length > mostCompared)
    return not(`The texts are too long for a page: see "sqlmig show ${id}".`)
  const words = await inWords(before, after, lexis)
  return { words, diff: await unifiedDiff(id, before, after), without: undefined }
}

/** Statement by statement; nothing where one of the texts cannot be taken apart. */
async function inWords(before: string, after: string, lexis: Lexis): Promise<readonly string[]> {
  try {
    return ((await statementEdits(before, after, lexis)) ?? []).map(({ words }) => words)
  } catch (error) {
    if (!(error instanceof SqlmigError)) throw error
    return []
  }
}

/** The text of a migration whose file is missing, as the ledger has it. */
export async function recordedText(
  { recorded }: Standing,
  session: Session,
  table: string,
): Promise<ReportedText | undefined> {
  const row = recorded?.accepted.at(-1) ?? recorded?.row
  const text = row && (await readBody(session, table, row.seq))
  return text === undefined ? undefined : shortened(Buffer.from(text), Buffer.byteLength(text))
}
