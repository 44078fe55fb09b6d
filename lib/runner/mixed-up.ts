import type { Standing } from './plan.ts'

/** The file under another name that holds, to the token, what was applied as a migration which has lost it. */
export function whereTextIs(lost: Standing, standings: readonly Standing[]): string | undefined {
  const { state, recorded } = lost
  if (state !== 'missing' && state !== 'changed') return undefined
  const holder = standings.find(
    ({ id, state, file, recorded: own }) =>
      id !== lost.id &&
      file?.tokens === recorded!.tokens &&
      // all files without a statement are alike
      file.statements > 0 &&
      // what is still as it was applied was not renamed, even where two migrations have the same text
      (state === 'changed' || own === undefined),
  )
  return holder?.file?.path
}

/** For each that lost its text to another name, a line that tells how to go on. */
export function renamesBack(lost: readonly Standing[], standings: readonly Standing[]): readonly string[] {
  return lost.flatMap((one) => {
    const path = whereTextIs(one, standings)
    if (path === undefined) return []
    return [
      `${path} holds what was applied as ${one.id}: an applied migration keeps its id, so give it that name again`,
    ]
  })
}
