import type {
  AdoptResult,
  HistoryEntry,
  HistoryResult,
  MigrationState,
  ReportResult,
  StatusResult,
  VerifiedHistory,
} from '../lib/index.ts'
import { humane, moment, waysOut } from '../lib/index.ts'
import type { Paint } from './paint.ts'
import { columns } from './table.ts'
import { visible } from './width.ts'

const colours: Readonly<Record<MigrationState, keyof Paint>> = {
  applied: 'green',
  pending: 'yellow',
  reformatted: 'cyan',
  changed: 'red',
  missing: 'red',
  blocked: 'red',
  partial: 'red',
}

/** `status` as a table, and a line that sums it up. */
export function statusLines({ migrations, summary }: StatusResult, paint: Paint): string[] {
  const rows = migrations.map(({ id, state, applied_at, duration_ms, done, through, found_in, edits }) => [
    paint[colours[state]](state),
    visible(id),
    applied_at === null ? '' : moment(applied_at),
    duration_ms === null ? progressCell(done, through, paint) : paint.dim(humane(duration_ms)),
    found_in === null ? editsCell(edits ?? []) : `its text is in ${visible(found_in)}`,
  ])
  const counts = Object.entries(summary).map(([state, count]) => `${count} ${state}`)
  return [...columns(rows).map((line) => `  ${line}`), counts.join(', ') || 'no migrations']
}

function editsCell([first, ...more]: readonly string[]): string {
  if (first === undefined) return ''
  return more.length === 0 ? first : `${first}, and ${more.length} more`
}

function progressCell(done: number | null, through: string | null, paint: Paint): string {
  if (done === null) return ''
  const inBatches = through === null ? '' : `, statement ${done + 1} through ${visible(through)}`
  return paint.dim(`${done} ${done === 1 ? 'statement' : 'statements'} done${inBatches}`)
}

/** What to do about what `status --check` has found, in a line. */
export function remedyOf({ migrations, summary }: StatusResult, paint: Paint): string {
  const first = (state: MigrationState) => visible(migrations.find((migration) => migration.state === state)?.id ?? '')
  const remedies: readonly (readonly [MigrationState, () => string])[] = [
    ['missing', () => missingRemedy(migrations)],
    ['changed', () => waysOut(first('changed')).replaceAll('\n', '\n  ')],
    ['partial', () => `run "sqlmig up" to finish ${first('partial')}`],
    ['blocked', () => `finish the todo in ${first('blocked')}`],
    ['pending', () => 'run "sqlmig up"'],
  ]
  const found = remedies.find(([state]) => summary[state])
  return `${paint.cyan('hint:')} ${found?.[1]() ?? ''}`
}

function missingRemedy(migrations: StatusResult['migrations']): string {
  const { id, found_in } = migrations.find(({ state }) => state === 'missing')!
  if (found_in === null) return `bring the file of ${visible(id)} back from version control`
  return `${visible(found_in)} holds what was applied as ${visible(id)}: give it that name again`
}

/** `history`, a line for each entry; all of them, with more about each below, where that is asked for. */
export function historyLines({ history }: HistoryResult, verbose: boolean, paint: Paint): string[] {
  if (history.length === 0) return ['nothing is recorded']
  const shown = verbose ? history : history.filter((entry, at) => !isEndedBy(entry, history[at - 1]))
  const lines = columns(shown.map((entry) => entryCells(entry, paint)))
  return lines.flatMap((line, index) => {
    const entry = shown[index]!
    return [`  ${line}`, ...(verbose ? entryDetails(entry, paint) : []), ...noteLines(entry, verbose, paint)]
  })
}

/** That a migration began says nothing where the next that happened is its end. */
function isEndedBy({ event, id }: HistoryEntry, next: HistoryEntry | undefined): boolean {
  return event === 'started' && next?.id === id && next.event === 'applied'
}

const eventColours: Readonly<Record<string, keyof Paint>> = {
  applied: 'green',
  failed: 'red',
  started: 'yellow',
  resolved: 'cyan',
  accepted: 'cyan',
}

function entryCells({ at, event, id, duration_ms, rows, by, host }: HistoryEntry, paint: Paint): string[] {
  const colour = eventColours[event]
  return [
    moment(at),
    colour ? paint[colour](event) : event,
    visible(id),
    paint.dim(visible(`${by}@${host.replace(/ \(.*\)$/, '')}`)),
    duration_ms === null ? '' : paint.dim(humane(duration_ms)),
    rows === null ? '' : paint.dim(`${rows} ${rows === 1 ? 'row' : 'rows'}`),
  ]
}

function entryDetails({ by, host, version, file, statements, done }: HistoryEntry, paint: Paint): string[] {
  const from = file === null ? '' : `, from ${file}`
  return [`    ${paint.dim(visible(`by ${by} on ${host} with sqlmig ${version}${from}${howMany(statements, done)}`))}`]
}

function howMany(statements: number | null, done: number | null): string {
  if (statements === null) return ''
  const all = `${statements} ${statements === 1 ? 'statement' : 'statements'}`
  return done === null || done === statements ? `, ${all}` : `, ${done} of ${all} done`
}

/** Columns of a note that a line shows of it. */
const shortNote = 100

function noteLines({ note }: HistoryEntry, whole: boolean, paint: Paint): string[] {
  if (note === null) return []
  const short = note.split('\n', 1)[0]!.slice(0, shortNote)
  const lines = whole ? note.split('\n') : [short === note ? note : `${short}…`]
  return lines.map((line) => `    ${paint.dim(visible(line))}`)
}

/** `history --verify`: that nobody has touched the rows, or which one is not as it was written. */
export function verifiedHistoryLines({ rows, head, broken, head_found }: VerifiedHistory, paint: Paint): string[] {
  const count = `${rows} ${rows === 1 ? 'row' : 'rows'}`
  if (broken) return [`${paint.red('broken')}  ${visible(broken.message)}`, hintOf(paint)]
  if (head_found === false)
    return [
      `${paint.red('broken')}  the head that was given is not in the chain of ${count}: it was written anew`,
      hintOf(paint),
    ]
  if (head === null) return ['nothing is recorded']
  return [
    `${paint.green('intact')}  ${count}, and the texts that they keep; head ${head}`,
    'keep the head elsewhere: "history --verify --head HASH" tells whether it is still there',
  ]
}

function hintOf(paint: Paint): string {
  return `${paint.cyan('hint:')} find out who wrote to the ledger, and compare it with a backup`
}

/** `adopt`: what the old tool told, what was recorded by it, and what is left. */
export function adoptLines({ from, adopted, pending, dry_run }: AdoptResult): string[] {
  const verb = dry_run ? 'would adopt' : 'adopted'
  const left = `${pending.length} pending`
  return [
    ...(from ? [`${from.tool}, in ${visible(from.table)}: ${visible(from.versions.join(', '))}`] : []),
    ...adopted.map((id) => `  ${verb} ${visible(id)}`),
    adopted.length === 0
      ? `all that was applied is recorded already; ${left}`
      : `${adopted.length} ${dry_run ? 'would be recorded as applied' : 'recorded as applied, and nothing was run'}; ${left}`,
  ]
}

/** `report`: what the page holds, in a line. */
export function reportLine({ migrations, summary, tables, doubts }: Omit<ReportResult, 'html'>): string {
  const count = (number: number, one: string) => `${number} ${number === 1 ? one : `${one}s`}`
  const counts = Object.entries(summary).map(([state, number]) => `${number} ${state}`)
  const states = counts.length === 0 ? '' : ` (${counts.join(', ')})`
  const unsure =
    doubts === 0 ? '' : `; ${count(doubts, 'statement')} could not be followed for certain, as the page says`
  return `${count(migrations.length, 'migration')}${states}, ${count(tables, 'table')}${unsure}`
}
