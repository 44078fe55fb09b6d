import { folder, type Options, type Outcome, run, start } from '../cli.ts'
import type { UpDocument } from '../project.ts'
import { type Database, freshDatabase, type Kind } from '../servers/databases.ts'
import { processlist, until } from '../slow.ts'
import { contentOf } from './catalogue.ts'
import { chainOf, fileOf, type Migration } from './chain.ts'
import { CuttingProxy, type Moment, type Seen } from './proxy.ts'
import { same, stage, stagesOf } from './stages.ts'

export type Server = Exclude<Kind, 'sqlite'>
export type Ended = Outcome & { readonly document: UpDocument }

/** What is the same for all trials of a kind: the chain in a folder, and what an undisturbed run makes of it. */
export interface Bench {
  readonly kind: Kind
  readonly chain: readonly Migration[]
  readonly cwd: string
  /** The content after an undisturbed run. */
  readonly whole: readonly string[]
  /** Its messages; of SQLite, none. */
  readonly frames: readonly Seen[]
  /** Its calls of SQLite. */
  readonly calls: number
  /** From its first word to its end, in milliseconds. */
  readonly duration: number
  stages(): ReturnType<typeof stagesOf>
}

const hook = `--import=${new URL('sqlite-kill.js', import.meta.url).href}`

export async function benchOf(kind: Kind, chain = chainOf(kind)): Promise<Bench> {
  const cwd = folder(Object.fromEntries(chain.map((one) => [`sql/${one.id}.up.sql`, fileOf(one)])))
  const database = await freshDatabase(kind)
  const proxy = kind === 'sqlite' ? undefined : await CuttingProxy.open(kind, database.url)
  let first = 0
  const { code, stderr } = await run(['up'], {
    cwd,
    env: { DATABASE_URL: proxy?.url ?? database.url, ...(kind === 'sqlite' && { NODE_OPTIONS: hook }) },
    onStdout: () => (first ||= Date.now()),
  })
  if (code !== 0) throw new Error(`the undisturbed run failed:\n${stderr}`)
  const duration = Date.now() - first
  await proxy?.close()
  const whole = await contentOf(database)
  await database.drop()
  let stages: ReturnType<typeof stagesOf> | undefined
  return {
    kind,
    chain,
    cwd,
    whole,
    frames: proxy?.seen ?? [],
    calls: Number(/^calls (\d+)$/m.exec(stderr)?.[1] ?? 0),
    duration,
    stages: () => (stages ??= stagesOf(kind, chain)),
  }
}

/** A run that something happened to. */
export interface Disturbed {
  readonly outcome: Outcome
  /** False where it was over before its moment came. */
  readonly struck: boolean
  readonly at: string
}

/** Kills a run at one of its messages. */
export async function killAtMessage(bench: Bench, database: Database, moment: Moment): Promise<Disturbed> {
  let strike: (() => Promise<unknown>) | undefined
  const proxy = await CuttingProxy.open(bench.kind as Server, database.url, {
    fate: at(moment),
    strike: async () => strike?.(),
  })
  const { child, finished } = start(['up'], { cwd: bench.cwd, env: { DATABASE_URL: proxy.url } })
  strike = () => {
    child.kill('SIGKILL')
    return finished
  }
  const outcome = await finished
  await proxy.close()
  return { outcome, struck: proxy.struck, at: told(proxy, moment) }
}

/** Cuts the connection of a run at one of its messages. */
export async function cutAtMessage(bench: Bench, database: Database, moment: Moment): Promise<Disturbed> {
  const proxy = await CuttingProxy.open(bench.kind as Server, database.url, { fate: at(moment) })
  const outcome = await run(['up', '--json'], { cwd: bench.cwd, env: { DATABASE_URL: proxy.url } })
  await proxy.close()
  return { outcome, struck: proxy.struck, at: told(proxy, moment) }
}

const at = (moment: Moment) => (seen: Seen) => (seen.frame === moment.frame ? moment.passed : undefined)

function told({ seen }: CuttingProxy, { frame, passed }: Moment): string {
  const last = seen[frame - 1]
  return `message ${frame} (${last ? `${last.from}: ${last.label}` : 'never sent'}), of which ${passed} was passed on`
}

/** Kills a run of SQLite at a call. */
export async function killAtCall({ cwd }: Bench, { url }: Database, call: number): Promise<Disturbed> {
  const env = { DATABASE_URL: url, NODE_OPTIONS: hook, SQLMIG_CRASH_CALL: String(call) }
  const outcome = await run(['up'], { cwd, env })
  return { outcome, struck: outcome.signal === 'SIGKILL', at: `call ${call} of SQLite` }
}

/** Does something so many milliseconds after a run's first word. */
export async function strikeAfter(
  { cwd }: Bench,
  database: Pick<Database, 'url'>,
  delay: number,
  strike: (child: Parameters<NonNullable<Options['onStdout']>>[1]) => unknown,
): Promise<Disturbed> {
  let timer: NodeJS.Timeout | undefined
  let struck = false
  const onStdout: Options['onStdout'] = (_, child) => {
    timer ??= setTimeout(() => {
      struck = true
      strike(child)
    }, delay)
  }
  const outcome = await run(['up'], { cwd, env: { DATABASE_URL: database.url }, onStdout })
  clearTimeout(timer)
  return { outcome, struck, at: `${delay} ms after its first word` }
}

/** Waits until the server has noticed that its client is no more. */
export async function gone({ kind, query }: Database): Promise<void> {
  if (kind === 'sqlite') return
  const sessions =
    kind === 'postgres'
      ? "select 1 from pg_stat_activity where datname = current_database() and application_name like 'sqlmig%'"
      : `select 1 from ${processlist(kind)} where db = database() and id <> connection_id()`
  await until(async () => (await query(sessions)).length === 0)
}

export interface Finish {
  /** How often `up` said that it cannot know, and what of. */
  readonly asked: readonly string[]
  /** The number of runs until the end. */
  readonly runs: number
  readonly resumed: boolean
  /** Why the chain could not be brought to its end. */
  readonly failure: string | undefined
}

/** Runs `up` until all is applied; what it cannot know is answered after a look at the database. */
export async function finish(bench: Bench, database: Database): Promise<Finish> {
  const asked: string[] = []
  let resumed = false
  for (let runs = 1; ; runs++) {
    const next = await command(bench, database, ['up', '--json'])
    resumed ||= /^ {2}resuming/m.test(next.stderr)
    if (next.code === 0) return { asked, runs, resumed, failure: undefined }
    const question = /whether statement (\d+) of (\w+) took effect/.exec(next.stderr)
    const failed = (why: string): Finish => ({ asked, runs, resumed, failure: `${why}\n${next.stderr}` })
    if (next.code !== 4 || !question) return failed('the next run failed')
    const [, statement = '', id = ''] = question
    asked.push(stage(id, Number(statement)))
    const through = await answer(bench, database, id, Number(statement))
    if (through === undefined) return failed('the database is neither before nor behind that statement')
    if (!next.stderr.includes(`sqlmig resolve ${id} --through`)) return failed('it does not say what to do')
    const { code, stderr } = await command(bench, database, ['resolve', id, '--through', String(through)])
    if (code !== 0) return failed(`resolve failed: ${stderr}`)
  }
}

async function answer(bench: Bench, database: Database, id: string, statement: number): Promise<number | undefined> {
  const now = await contentOf(database)
  const stages = await bench.stages()
  return [statement, statement - 1].find((number) => same(stages.get(stage(id, number)), now))
}

function command({ cwd }: Bench, { url }: Database, args: readonly string[]): Promise<Outcome> {
  return run(args, { cwd, env: { DATABASE_URL: url } })
}

/** What of the ledger and the content is not as an undisturbed run would have left it. */
export async function differences(bench: Bench, database: Database): Promise<{ lost: string[]; extra: string[] }> {
  const rows = await database.query("select id from sqlmig_history where event = 'applied' order by seq")
  const applied = rows.map(({ id }) => `applied ${id}`)
  const now = [...(await contentOf(database)), ...applied, await verdict(bench, database)]
  const wanted = [...bench.whole, ...bench.chain.map(({ id }) => `applied ${id}`), intact]
  return { lost: without(wanted, now), extra: without(now, wanted) }
}

const intact = 'every row of the ledger is as it was written'

async function verdict(bench: Bench, database: Database): Promise<string> {
  const { code, stdout, stderr } = await command(bench, database, ['history', '--verify'])
  return code === 0 ? intact : stdout + stderr
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others]
  return lines.filter((line) => {
    const index = left.indexOf(line)
    if (index >= 0) left.splice(index, 1)
    return index < 0
  })
}
