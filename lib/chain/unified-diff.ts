/** Edits, in lines, up to which the shortest difference is looked for: the time for it grows with their square. */
const mostEdits = 2000

/** The package that finds differences, loaded on first use. */
export const difference = () => import('diff')

/** A unified diff from the recorded to the current text of a migration. */
export async function unifiedDiff(id: string, before: string, now: string): Promise<string> {
  const { createTwoFilesPatch } = await difference()
  const [was, is] = [`${id} as applied`, `${id} as it is now`]
  const patch = createTwoFilesPatch(was, is, before, now, '', '', { context: 3, maxEditLength: mostEdits })
  return patch ?? [`--- ${was}`, `+++ ${is}`, ...middle(linesOf(before), linesOf(now)), ''].join('\n')
}

/** Everything between the first and the last lines that are the same, as one hunk. */
function middle(before: readonly string[], now: readonly string[]): readonly string[] {
  const least = Math.min(before.length, now.length)
  let above = 0
  while (above < least && before[above] === now[above]) above++
  let below = 0
  while (below < least - above && before.at(-1 - below) === now.at(-1 - below)) below++
  const part = (lines: readonly string[]) => lines.slice(above, lines.length - below)
  const range = (lines: readonly string[]) => `${lines.length === 0 ? above : above + 1},${lines.length}`
  const [gone, come] = [part(before), part(now)]
  return [`@@ -${range(gone)} +${range(come)} @@`, ...gone.map((line) => `-${line}`), ...come.map((line) => `+${line}`)]
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n')
}
