import { basename } from 'node:path'
import type { Plan } from './plan.ts'
import type { Run } from './run.ts'
import type { Point } from './script-point.ts'

export interface Making {
  /** ISO 8601. */
  readonly at: string
  /** The file that it is written to, where that is known. */
  readonly file: string | undefined
}

/** What a person reads who is handed a script. */
export function headOf(run: Run, plan: Plan, point: Point, { at, file = 'FILE.sql' }: Making): readonly string[] {
  const { author, target, facts, dialect, table } = run
  const { program, command, advice } = dialect.client
  const count = plan.steps.length
  return [
    `${count === 0 ? 'No migration' : count === 1 ? '1 migration' : `${count} migrations`} for ${target.display} (${facts.version})`,
    `made ${at} by ${author.user} on ${author.host.replace(/ \(script\)$/, '')} with sqlmig ${author.version}`,
    '',
    'Run it with',
    `  ${command(basename(file))}`,
    ...advice,
    '',
    ...plan.steps.map(({ file: { id, statements }, done }) =>
      done > 0 ? `  ${id}: statements ${done + 1} to ${statements}` : `  ${id}: ${statements} statements`,
    ),
    ...(count > 0 ? [''] : []),
    'Before it runs anything it makes sure that',
    ...checked(run, point).map((line) => `- ${line}`),
    `It records in ${table} what it has done, as sqlmig does, and shows that at the end.`,
    '',
    `Where it stops, ${program} ends with an error, and its last lines say why. What is recorded as applied stands, and`,
    'nothing has to be undone. Do not run the rest by hand, nor this file again: see to the cause, then run "sqlmig up",',
    'or have a new script made, which goes on where this one stopped.',
  ].map((line) => `-- ${line}`.trimEnd())
}

function checked({ dialect }: Run, { ledgerExists, newest, halfDone }: Point): readonly string[] {
  const [half] = halfDone
  const state = ledgerExists
    ? newest
      ? `the newest row of the ledger is number ${newest.seq}, ${newest.event} ${newest.id}, and the same migrations are applied`
      : 'the ledger is there, and empty'
    : 'no migration was run there yet, and the tables are the same'
  const halfDoneState = half
    ? `${half.id} is done up to statement ${half.row.done ?? 0}, and no further`
    : 'no migration is half done'
  return [
    ...dialect.client.checked,
    'nobody else is running migrations: it holds the lock that sqlmig takes, until it ends',
    state,
    ...(ledgerExists ? [halfDoneState] : []),
  ]
}
