import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { figure, markdown, range, spread } from './figures.ts'
import type { Spent } from './spent.ts'

export interface Run extends Spent {
  readonly roundTrips?: number
}

/** What is compared: each run prepares and verifies for itself, and gives what the program has spent. */
export interface Line {
  readonly name: string
  /** The folder is new and empty, and is removed afterwards. */
  run(folder: string): Promise<Run>
  /** Where a peer cannot do it, that is told; what is not a peer has to. */
  readonly peer?: boolean
}

type Measure = 'seconds' | 'cpu'

/** Runs the lines in turn, so that what else the machine does falls on all, and prints a table against the first. */
export async function compare(title: string, lines: readonly Line[], turns: number, by: Measure): Promise<void> {
  const runs = new Map<Line, Run[]>(lines.map((line) => [line, []]))
  for (let turn = 0; turn < turns; turn++) {
    for (const [line, done] of runs) {
      const run = await attempt(line)
      if (run instanceof Error) {
        console.error(`LEFT OUT: ${line.name}, ${title}: ${gist(run)}`)
        runs.delete(line)
      } else done.push(run)
    }
  }
  console.log(`\n${title}; ${turns === 1 ? 'once' : `medians of ${turns}`}\n\n${table(runs, by)}`)
}

/** The one line of all that a program has printed, and of its stack, that says it. */
export function gist(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n').map((line) => line.trim())
  const telling = lines.find((line) => /^[^(]*(error\b|failed)|^\([\w.]+\) /i.test(line)) ?? lines[0]!
  return telling.length > 300 ? `${telling.slice(0, 300)}…` : telling
}

async function attempt(line: Line): Promise<Run | Error> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlmig-bench-'))
  try {
    return await line.run(folder)
  } catch (error) {
    if (line.peer && error instanceof Error) return error
    throw error
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function table(runs: ReadonlyMap<Line, readonly Run[]>, by: Measure): string {
  const [floor = []] = runs.values()
  const base = spread(floor.map((run) => run[by])).median
  const counted = [...runs.values()].some(([run]) => run?.roundTrips !== undefined)
  const rows = Array.from(runs, ([{ name }, done]) => {
    const times = spread(done.map((run) => run[by]))
    const other = spread(done.map((run) => run[by === 'cpu' ? 'seconds' : 'cpu'])).median
    const memory = done.flatMap(({ megabytes }) => megabytes ?? [])
    const trips = done.flatMap(({ roundTrips }) => roundTrips ?? [])
    return [
      name,
      figure(times.median),
      range(times),
      (times.median / base).toFixed(2),
      figure(other),
      memory.length > 0 ? spread(memory).median.toFixed(0) : '',
      ...(counted ? [trips.length > 0 ? String(spread(trips).median) : ''] : []),
    ]
  })
  const measures = by === 'cpu' ? ['CPU s', 'range', '×', 'seconds'] : ['seconds', 'range', '×', 'CPU s']
  return markdown(['', ...measures, 'MB', ...(counted ? ['round trips'] : [])], rows)
}
