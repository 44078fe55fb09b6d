import { writeFileSync } from 'node:fs'
import {
  accept,
  adopt,
  baseline,
  checkExit,
  createDatabase,
  current,
  drift,
  exitCodes,
  history,
  humane,
  importLegacy,
  importPage,
  rebase,
  report as reportPage,
  resolve,
  SqlmigError,
  script,
  show,
  status,
  verifyImport,
  wait,
} from '../lib/index.ts'
import { checkVerb } from './check.ts'
import { driftLines, verifiedLines } from './differences.ts'
import { drop } from './drop.ts'
import { importDocument, importLines } from './import-results.ts'
import { newVerb } from './new.ts'
import type { Flags } from './options.ts'
import {
  databaseOptions,
  dialect,
  dialects,
  duration,
  list,
  on,
  required,
  text,
  tool,
  usage,
  whole,
} from './options.ts'
import type { Report } from './report.ts'
import { adoptLines, historyLines, remedyOf, reportLine, statusLines } from './results.ts'
import { bootstrapVerb, diffVerb, dumpVerb } from './schema.ts'
import { up } from './up.ts'

/** A command as it was called. */
export interface Call {
  readonly flags: Flags
  readonly args: readonly string[]
  readonly report: Report
}

/** Does what a command says, and gives its exit code. */
export type Verb = (call: Call) => Promise<number>

/** These have stdout to themselves. */
export const givesData: readonly string[] = ['current', 'show', 'script', 'dump', 'diff']

export const verbs = {
  up,
  drop,
  check: checkVerb,
  dump: dumpVerb,
  diff: diffVerb,
  bootstrap: bootstrapVerb,

  async status({ flags, report }) {
    const result = await status(connecting({ flags, report }))
    for (const line of statusLines(result, report.paint)) report.line(line)
    const drifted = on(flags, 'drift') ? await drift(connecting({ flags, report })) : undefined
    if (drifted) for (const line of driftLines(drifted, report.paint)) report.line(line)
    report.document(drifted ? { ...result, drift: drifted } : { ...result })
    const exit = on(flags, 'check') ? checkExit(result) : 0
    if (exit !== 0) report.line(remedyOf(result, report.paint))
    return exit === 0 && drifted?.same === false ? exitCodes.different : exit
  },

  async current({ flags, report }) {
    const result = await current(connecting({ flags, report }))
    if (result.id === null) report.line('nothing is applied')
    report.data(result.id ?? '')
    report.document({ ...result })
    return 0
  },

  async history({ flags, report }) {
    const result = await history(connecting({ flags, report }))
    for (const line of historyLines(result, on(flags, 'verbose'), report.paint)) report.line(line)
    report.document({ ...result })
    return 0
  },

  new: newVerb,

  async show({ flags, args, report }) {
    const result = await show({ ...connecting({ flags, report }), id: args[0]! })
    report.line(`${result.id}: ${result.state}${result.file ? `, ${result.file}` : ''}`)
    for (const edit of result.edits ?? []) report.line(`  ${edit.words}`)
    report.data(result.diff ?? result.current ?? result.recorded ?? '')
    report.document({ ...result })
    return 0
  },

  async script({ flags, report }) {
    const goal = { to: text(flags, 'to'), steps: whole(flags, 'steps', 1), outOfOrder: on(flags, 'out-of-order') }
    const out = text(flags, 'out')
    const { sql, pending } = await script({ ...connecting({ flags, report }), ...goal, out })
    if (out === undefined) report.data(sql)
    else writeOut(out, sql)
    const what = `${pending.length} ${pending.length === 1 ? 'migration' : 'migrations'}`
    report.line(out === undefined ? what : `wrote ${what} to ${out}`)
    report.document(out === undefined ? { sql, pending } : { out, pending })
    return 0
  },

  async report({ flags, report }) {
    const example = 'for example: sqlmig report --html report.html'
    const file = required(text(flags, 'html'), '"report" needs --html: the file to write the page to', example)
    const { html, ...result } = await reportPage({ ...connecting({ flags, report }), dialect: dialect(flags) })
    writeOut(file, html)
    if (result.database === null) report.line('no database is named: the page shows the files alone')
    report.line(`wrote ${file}: ${reportLine(result)}`)
    report.document({ file, ...result })
    return 0
  },

  async accept({ flags, args, report }) {
    const id = args[0]!
    const example = `for example: sqlmig accept ${id} --reason "run by hand, ticket 12"`
    const reason = required(text(flags, 'reason'), '"accept" needs --reason: it is kept in the ledger', example)
    const result = await accept({ ...connecting({ flags, report }), id, reason })
    report.line(`${result.id} is recorded as its file is now; nothing was run`)
    report.document({ ...result })
    return 0
  },

  async rebase({ flags, args, report }) {
    const result = await rebase({ ...connecting({ flags, report }), id: args[0]! })
    for (const { from, to } of result.files) report.line(`renamed ${from} to ${to}`)
    report.document({ ...result })
    return 0
  },

  async resolve({ flags, args, report }) {
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
  },

  async baseline({ flags, args, report }) {
    const result = await baseline({ ...connecting({ flags, report }), id: args[0]!, reason: text(flags, 'reason') })
    for (const id of result.recorded) report.line(`  recorded ${id}`)
    report.line(result.recorded.length === 0 ? 'all of it is recorded already' : 'nothing was run')
    report.document({ ...result })
    return 0
  },

  async 'import-legacy'({ flags, args, report }) {
    report.working('reading')
    const result = await importLegacy({
      legacy: args[0],
      dir: text(flags, 'dir'),
      dialects: dialects(flags),
      sources: list(flags, 'source'),
      types: text(flags, 'types'),
      namingConvention: text(flags, 'naming-convention'),
      base: text(flags, 'base'),
      dryRun: on(flags, 'dry-run'),
    })
    const page = text(flags, 'report')
    if (page !== undefined) writeOut(page, importPage(result))
    for (const line of importLines(result, report.paint)) report.line(line)
    if (page !== undefined) report.line(`wrote ${page}: each script beside its SQL`)
    const live = text(flags, 'verify')
    const verified = live === undefined ? undefined : await verifyImport(result, verifyOptions(live, { flags, report }))
    if (verified) for (const line of verifiedLines(verified, report.paint)) report.line(line)
    report.document({ ...importDocument(result), ...(verified && { verify: verified }) })
    if (verified?.same === false) return exitCodes.different
    return result.summary.with_todos > 0 ? exitCodes.findings : 0
  },

  async adopt({ flags, report }) {
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
  },

  async wait({ flags, report }) {
    report.working('waiting for the server')
    const result = await wait({ ...databaseOptions(flags), timeout: duration(flags, 'timeout') })
    report.line(`${result.database} answers, after ${humane(result.waited_ms)}`)
    report.document({ ...result })
    return 0
  },

  async create({ flags, report }) {
    const result = await createDatabase(databaseOptions(flags))
    report.line(result.created ? `created ${result.database}` : `${result.database} is there already`)
    report.document({ ...result })
    return 0
  },

  async down() {
    throw new SqlmigError('no-downgrade', 'there is no way down: migrations run forward only', {
      state: 'nothing was run',
      remedy: [
        'to undo a migration, write a new one that does so ("sqlmig new undo_…"), and run "sqlmig up"',
        'to have lost data back, restore a backup: no downgrade could bring it',
        'for a file that is half applied, see "sqlmig status" and "sqlmig show ID", correct it, and run "sqlmig up"',
      ].join('\n'),
    })
  },
} satisfies Record<string, Verb>

export type VerbName = keyof typeof verbs

/** The options of a verb that connects, told about while it does. */
export function connecting({ flags, report }: Omit<Call, 'args'>): ReturnType<typeof databaseOptions> {
  report.working('connecting')
  return { ...databaseOptions(flags), onEvent: (event) => report.heard(event) }
}

function verifyOptions(live: string, { flags, report }: Omit<Call, 'args'>): Parameters<typeof verifyImport>[1] {
  report.working('comparing')
  const { database: _, ...options } = databaseOptions(flags)
  return { ...options, live, base: text(flags, 'base'), scratch: text(flags, 'scratch') }
}

function writeOut(file: string, sql: string): void {
  try {
    writeFileSync(file, sql)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new SqlmigError('file-access', `${file} cannot be written: ${code}`, {
      remedy: 'name a file in a folder that exists and can be written to',
      cause,
    })
  }
}
