import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { Project } from '../project.ts'
import { type Database, freshDatabase, type Kind } from '../servers/databases.ts'
import { processlist, until } from '../slow.ts'
import { crashChain } from './chain.ts'
import { type Cut, startProxy } from './proxy.ts'
import { stateOf } from './state.ts'

const hook = fileURLToPath(new URL('./fatal-moment.js', import.meta.url))

/** Where a run is ended: around one of its messages, or some time after its start (in milliseconds). */
export type Moment =
  | { readonly message: number; readonly when: 'before' | 'after' }
  | { readonly cut: Cut }
  | { readonly delay: number }

function titleOf(moment: Moment): string {
  if ('delay' in moment) return `killed after ${moment.delay} ms`
  if ('message' in moment) return `killed ${moment.when} message ${moment.message}`
  const { piece, towards, when } = moment.cut
  return `cut ${when} piece ${piece} to the ${towards}`
}

export interface Figures {
  tried: number
  /** Runs that were over before the moment came. */
  late: number
  /** The next run went on in the middle of a file. */
  resumed: number
  /** The next run said that nobody can know. */
  asked: number
}

/** One engine's undisturbed run, and runs that end at a moment, finished by the next. */
export class CrashMatrix {
  readonly kind: Kind
  /** How many messages the undisturbed run sends. */
  messages = 0
  /** How many pieces of data pass in each direction. */
  pieces = { server: 0, client: 0 }
  /** How long it took, in milliseconds. */
  duration = 0
  readonly figures: Figures = { tried: 0, late: 0, resumed: 0, asked: 0 }
  private wanted: unknown
  private ledger: readonly string[] = []

  constructor(kind: Kind) {
    this.kind = kind
  }

  async undisturbed(t: Test): Promise<void> {
    const project = await this.project(t)
    const counted = join(mkdtempSync(join(tmpdir(), 'sqlmig-count-')), 'messages')
    const start = Date.now()
    const proxy = this.kind === 'sqlite' ? undefined : await startProxy(project.database.url)
    const through = proxy ? { DATABASE_URL: proxy.url } : {}
    const { code, stderr } = await project.run(['up'], { env: this.env({ FATAL_COUNT: counted, ...through }) })
    this.duration = Date.now() - start
    t.equal(code, 0, stderr)
    await proxy?.close()
    if (proxy) this.pieces = { ...proxy.passed }
    this.messages = Number(readFileSync(counted, 'utf8').trim())
    this.wanted = await stateOf(project.database)
    this.ledger = await project.ledger()
  }

  /** Ends a run at a moment; the next one has to leave what the undisturbed one did. */
  async point(t: Test, moment: Moment): Promise<void> {
    const database = await freshDatabase(this.kind)
    try {
      const project = new Project(database, crashChain(this.kind))
      this.figures.tried++
      const over = await this.disturbed(t, project, moment)
      if (over) this.figures.late++
      await this.finished(t, project, titleOf(moment))
    } finally {
      await gone(database)
      await database.drop()
    }
  }

  private async disturbed(t: Test, project: Project, moment: Moment): Promise<boolean> {
    if ('delay' in moment) {
      const running = project.start(['up'], { env: this.env({}) })
      const timer = setTimeout(() => running.child.kill('SIGKILL'), moment.delay)
      const { code } = await running.finished
      clearTimeout(timer)
      return code === 0
    }
    if ('message' in moment) {
      const { message, when } = moment
      const { code } = await project.run(['up'], { env: this.env({ FATAL_MOMENT: `${message} ${when}` }) })
      return code === 0
    }
    const proxy = await startProxy(project.database.url, moment.cut)
    const run = await project.run(['up', '--json'], { env: { DATABASE_URL: proxy.url } })
    await proxy.close()
    if (run.signal || run.stdout === '')
      t.fail(`${titleOf(moment)}: the run ended by ${run.signal ?? run.code}, saying ${run.stderr || 'nothing'}`)
    else if (run.code !== 0) await this.truthful(t, project, titleOf(moment), run.json() as Record<string, unknown>)
    return run.code === 0
  }

  /** A run that lost its connection has told as applied what the ledger has, and no more. */
  private async truthful(t: Test, project: Project, title: string, document: Record<string, unknown>): Promise<void> {
    await gone(project.database)
    const tables = await project.tables()
    const ledger = tables.includes('sqlmig_history') ? await project.ledger() : []
    const told = (document.applied as { id: string }[] | undefined)?.map(({ id }) => `applied ${id}`) ?? []
    const missing = told.filter((line) => !ledger.includes(line))
    if (missing.length > 0) t.same(missing, [], `${title}: told as applied, but not so`)
  }

  /** Runs to the end what was ended, and holds what there is against the undisturbed run. */
  async finished(t: Test, project: Project, title: string): Promise<void> {
    const next = await project.json<{ error?: { code: string; message: string } }>(['up'])
    if (next.error?.code === 'partial') {
      this.figures.asked++
      t.fail(`${title}: ${next.error.message}`)
      return
    }
    if (next.code !== 0) {
      t.fail(`${title}: ${next.stderr} ${JSON.stringify(next.error)}`)
      return
    }
    if (/resuming/.test(next.stderr)) this.figures.resumed++
    const state = await stateOf(project.database)
    if (JSON.stringify(state) !== JSON.stringify(this.wanted)) t.same(state, this.wanted, title)
    const ledger = await project.ledger()
    if (ledger.join() !== this.ledger.join()) t.same(ledger, this.ledger, title)
  }

  private async project(t: Test): Promise<Project> {
    return new Project(await freshDatabase(this.kind, t), crashChain(this.kind))
  }

  private env(more: Readonly<Record<string, string>>): Record<string, string> {
    return { NODE_OPTIONS: `--import=${hook}`, ...(this.kind === 'sqlite' ? { FATAL_SQLITE: '1' } : {}), ...more }
  }
}

/** Waits until the server has ended what a killed client left. */
async function gone({ kind, query }: Database): Promise<void> {
  if (kind === 'sqlite') return
  const others =
    kind === 'postgres'
      ? `select 1 from pg_stat_activity where datname = current_database() and application_name like 'sqlmig%'`
      : `select 1 from ${processlist(kind)} where db = database() and id <> connection_id()`
  await until(async () => (await query(others)).length === 0)
}
