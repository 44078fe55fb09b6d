import type { Kind } from '../servers/connection.ts'

/** What the environment says of all benchmarks. */

/** How often what is compared runs, in turn; `usual` unless told. */
export function turns(usual: number): number {
  return Math.max(1, Number(process.env.SQLMIG_BENCH_TURNS ?? usual))
}

/** A size of the benchmark as it is, or as much of it as SQLMIG_BENCH_SCALE says. */
export function scaled(size: number): number {
  return Math.max(1, Math.round(size * Number(process.env.SQLMIG_BENCH_SCALE ?? 1)))
}

/** The databases to take, of those that a benchmark is about: SQLMIG_BENCH_DATABASES=postgres,sqlite. */
export function databases(of: readonly Kind[]): readonly Kind[] {
  const only = process.env.SQLMIG_BENCH_DATABASES?.split(',')
  return only ? of.filter((kind) => only.includes(kind)) : of
}

/** True where other tools take part: `npm run bench -- NAME --peers` says it to the processes by the environment. */
export function withPeers(): boolean {
  return process.env.SQLMIG_BENCH_PEERS === '1'
}

/** Whether servers wait for the disk at a COMMIT, as those in service do. */
export function syncing(): boolean {
  return process.env.SQLMIG_BENCH_SYNC === '1'
}
