import type { Examined } from '../chain/examine.ts'
import { SqlmigError } from '../errors.ts'
import type { Ledger, Recorded } from '../ledger/rows.ts'
import { newestApplied } from '../ledger/rows.ts'
import { closest } from '../text/closest.ts'
import { renamesBack } from './mixed-up.ts'

export type MigrationState = 'applied' | 'pending' | 'changed' | 'reformatted' | 'missing' | 'blocked' | 'partial'

/** A migration as the files and the ledger have it together. */
export interface Standing {
  readonly id: string
  readonly state: MigrationState
  readonly file: Examined | undefined
  readonly recorded: Recorded | undefined
}

/** What `up` is asked for. */
export interface Goal {
  /** Go no further than this id. */
  readonly to?: string | undefined
  /** Run at most so many migrations. */
  readonly steps?: number | undefined
  /** None but these. */
  readonly only?: ReadonlySet<string> | undefined
  /** Run pending files that are older than the newest applied one. */
  readonly outOfOrder?: boolean | undefined
}

export interface PlanStep {
  readonly file: Examined
  /** Statements that a former run has done; 0 for a fresh start. */
  readonly done: number
  /** The ledger's row of that former run. */
  readonly journal: Recorded | undefined
}

export interface Plan {
  readonly steps: readonly PlanStep[]
  /** Files that differ from what was applied in comments and white space only. */
  readonly reformatted: readonly string[]
}

/** Compares the chain with the ledger, as sets; in the order of the ids. */
export function compare(chain: readonly Examined[], ledger: Ledger): readonly Standing[] {
  const files = new Map(chain.map((file) => [file.id, file]))
  if (files.size < chain.length) throw duplicate(chain)
  const gone = [...ledger.recorded.keys()].filter((id) => !files.has(id))
  const ids = [...files.keys(), ...gone].sort((a, b) => (a < b ? -1 : 1))
  return ids.map((id) => standing(id, files.get(id), ledger.recorded.get(id)))
}

function standing(id: string, file: Examined | undefined, recorded: Recorded | undefined): Standing {
  return { id, file, recorded, state: stateOf(file, recorded) }
}

function stateOf(file: Examined | undefined, recorded: Recorded | undefined): MigrationState {
  if (!file) return 'missing'
  if (!recorded) return file.todos.length > 0 ? 'blocked' : 'pending'
  if (recorded.state === 'partial') return 'partial'
  if (file.checksum === recorded.checksum || recorded.checksum === null) return 'applied'
  return file.tokens === recorded.tokens ? 'reformatted' : 'changed'
}

/**
 * What `up` would do. Pure: every error of the history is born here.
 * @throws SqlmigError `missing`, `changed`, `partial`, `blocked`, `out-of-order`, `duplicate-id`, `unknown-id`
 */
export function plan(chain: readonly Examined[], ledger: Ledger, goal: Goal): Plan {
  const standings = compare(chain, ledger)
  const having = (state: MigrationState) => standings.filter((standing) => standing.state === state)
  refuseMissing(having('missing'), standings)
  refuseChanged(having('changed'), standings)
  refuseUnknownOutcome(having('partial'))
  const steps = within(goal, standings)
  refuseBlocked(steps)
  if (!goal.outOfOrder) refuseOutOfOrder(steps, newestApplied(ledger))
  return {
    steps: steps.map(({ file, recorded }) => ({ file: file!, done: recorded?.row.done ?? 0, journal: recorded })),
    reformatted: having('reformatted').map(({ id }) => id),
  }
}

/** What is not applied yet, as far as the goal reaches. */
function within(goal: Goal, standings: readonly Standing[]): readonly Standing[] {
  const { to, steps, only } = goal
  if (to !== undefined && !standings.some(({ id }) => id === to))
    throw unknownId(
      to,
      standings.map(({ id }) => id),
    )
  const open = standings
    .filter(({ id }) => only === undefined || only.has(id))
    .filter(({ state }) => state === 'pending' || state === 'partial' || state === 'blocked')
  return open.filter(({ id }) => to === undefined || id <= to).slice(0, steps)
}

/** The error for an id that no file and no row has. */
export function unknownId(id: string, known: readonly string[]): SqlmigError {
  const near = known.find((other) => other.startsWith(id) || other.includes(id)) ?? closest(id, known)
  return new SqlmigError('unknown-id', `there is no migration "${id}"`, {
    remedy: near ? `did you mean "${near}"?` : 'see "sqlmig status" for the ids',
  })
}

function duplicate(chain: readonly Examined[]): SqlmigError {
  const seen = new Set<string>()
  const twice = chain.find(({ id }) => seen.size === seen.add(id).size)!
  return new SqlmigError('duplicate-id', `two files have the id ${twice.id}`, {
    at: { file: twice.path },
    remedy: 'rename one of them; nothing was run',
  })
}

function refuseMissing(missing: readonly Standing[], standings: readonly Standing[]): void {
  if (missing.length === 0) return
  const renamed = renamesBack(missing, standings)
  const gone = renamed.length < missing.length
  throw new SqlmigError(
    'missing',
    `${applied(missing)}, but ${missing.length === 1 ? 'its file is' : 'their files are'} not in the folder${renamed.length > 0 ? ' under that name' : ''}`,
    {
      state: 'nothing was run',
      remedy: [
        ...renamed,
        ...(gone ? ['bring the file back from version control ("sqlmig show ID" prints the recorded text)'] : []),
      ].join('\n'),
    },
  )
}

function refuseChanged(changed: readonly Standing[], standings: readonly Standing[]): void {
  const [first] = changed
  if (!first) return
  throw new SqlmigError(
    'changed',
    `${applied(changed)}, and ${changed.length === 1 ? 'its file has' : 'their files have'} changed since`,
    {
      at: { file: first.file!.path },
      state: 'nothing was run',
      remedy: [...renamesBack(changed, standings), waysOut(first.id)].join('\n'),
    },
  )
}

/** What can be done about the edit of an applied file. */
export function waysOut(id: string): string {
  return [
    `see "sqlmig show ${id}"; then one of these:`,
    '- restore the file, where the edit was a mistake',
    `- "sqlmig accept ${id} --reason …", where the database is as the file says now`,
    `- "sqlmig new --from-edit ${id}", where the edit has yet to be run: it goes to a new file, and the old one is restored`,
  ].join('\n')
}

function refuseUnknownOutcome(partial: readonly Standing[]): void {
  for (const { id, file, recorded } of partial) {
    const running = recorded?.row.running
    if (running === null || running === undefined || file?.recoverable) continue
    throw unknownOutcome(id, running, file?.path)
  }
}

/** The error where a statement was cut off and nobody can tell what it did. */
export function unknownOutcome(id: string, ordinal: number, path: string | undefined): SqlmigError {
  return new SqlmigError(
    'partial',
    `nobody knows whether statement ${ordinal} of ${id} took effect: the run was cut off while it was running`,
    {
      ...(path === undefined ? {} : { at: { file: path } }),
      state: standsBefore(ordinal),
      remedy: `look at the database, then say "sqlmig resolve ${id} --through ${ordinal}" if it took effect, or "--through ${ordinal - 1}" if not`,
    },
  )
}

/** @param ordinal the first statement that does not stand for certain */
export function standsBefore(ordinal: number): string {
  const which = ordinal === 1 ? 'no statement stands for certain' : `statements 1 to ${ordinal - 1} stand`
  return `${which}; nothing was run now`
}

function refuseBlocked(steps: readonly Standing[]): void {
  for (const { id, file } of steps) {
    const [todo] = file!.todos
    if (!todo) continue
    throw new SqlmigError('blocked', `${id} waits for a person: ${todo.text || 'todo'}`, {
      at: { file: file!.path, ...todo.place },
      state: 'nothing was run',
      remedy: 'write the SQL that is missing and remove the todo',
    })
  }
}

function refuseOutOfOrder(steps: readonly Standing[], newest: string | undefined): void {
  const late = newest === undefined ? [] : steps.filter(({ id, state }) => state === 'pending' && id < newest)
  if (late.length === 0) return
  throw new SqlmigError(
    'out-of-order',
    `${names(late)} ${late.length === 1 ? 'is' : 'are'} older than the newest applied migration, ${newest}`,
    {
      at: { file: late[0]!.file!.path },
      state: 'nothing was run',
      remedy: `give the file a fresh timestamp with "sqlmig rebase ${late[0]!.id}", or run it where it stands with --out-of-order`,
    },
  )
}

function applied(standings: readonly Standing[]): string {
  return `${names(standings)} ${standings.length === 1 ? 'was' : 'were'} applied`
}

function names(standings: readonly Standing[]): string {
  const ids = standings.slice(0, 5).map(({ id }) => id)
  return standings.length > 5 ? `${ids.join(', ')} and ${standings.length - 5} more` : ids.join(', ')
}
