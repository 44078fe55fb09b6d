import { SqlmigError } from '../lib/index.ts'
import type { Verb } from './call.ts'

/** These have stdout to themselves. */
export const givesData: readonly string[] = ['current', 'show', 'script', 'dump', 'diff']

// Loaded when they are called: nobody waits for the importer to see a status.
export const verbs = {
  up: async () => (await import('./up.ts')).up,
  status: async () => (await import('./status.ts')).statusVerb,
  current: async () => (await import('./status.ts')).currentVerb,
  history: async () => (await import('./status.ts')).historyVerb,
  new: async () => (await import('./new.ts')).newVerb,
  check: async () => (await import('./check.ts')).checkVerb,
  show: async () => (await import('./show.ts')).showVerb,
  script: async () => (await import('./script.ts')).scriptVerb,
  report: async () => (await import('./report-page.ts')).reportVerb,
  accept: async () => (await import('./books.ts')).acceptVerb,
  rebase: async () => (await import('./books.ts')).rebaseVerb,
  resolve: async () => (await import('./books.ts')).resolveVerb,
  baseline: async () => (await import('./books.ts')).baselineVerb,
  adopt: async () => (await import('./books.ts')).adoptVerb,
  dump: async () => (await import('./schema.ts')).dumpVerb,
  diff: async () => (await import('./schema.ts')).diffVerb,
  bootstrap: async () => (await import('./schema.ts')).bootstrapVerb,
  'import-legacy': async () => (await import('./import.ts')).importLegacyVerb,
  wait: async () => (await import('./server.ts')).waitVerb,
  create: async () => (await import('./server.ts')).createVerb,
  drop: async () => (await import('./drop.ts')).drop,
  down: async () => noWayDown,
} satisfies Record<string, () => Promise<Verb>>

export type VerbName = keyof typeof verbs

async function noWayDown(): Promise<never> {
  throw new SqlmigError('no-downgrade', 'there is no way down: migrations run forward only', {
    state: 'nothing was run',
    remedy: [
      'to undo a migration, write a new one that does so ("sqlmig new undo_…"), and run "sqlmig up"',
      'to have lost data back, restore a backup: no downgrade could bring it',
      'for a file that is half applied, see "sqlmig status" and "sqlmig show ID", correct it, and run "sqlmig up"',
    ].join('\n'),
  })
}
