import { $, bold, cyan, dim, green, red, yellow } from 'kleur/colors'

/** Colours for one stream; they give the text as it is where that stream shows none. */
export type Paint = Readonly<Record<'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow', (text: string) => string>>

const plain = (text: string): string => text

export function painter(enabled: boolean): Paint {
  if (!enabled) return { bold: plain, cyan: plain, dim: plain, green: plain, red: plain, yellow: plain }
  const paint =
    (colour: (text: string) => string) =>
    (text: string): string => {
      // kleur looks at stdout alone, once; stderr may be a terminal where stdout is a pipe
      $.enabled = true
      return colour(text)
    }
  return {
    bold: paint(bold),
    cyan: paint(cyan),
    dim: paint(dim),
    green: paint(green),
    red: paint(red),
    yellow: paint(yellow),
  }
}

/** Whether a stream is to be coloured: no-color.org and force-color.org, then whether it is a terminal. */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv, asked: boolean): boolean {
  if (!asked || env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR)
  return stream.isTTY === true && env.TERM !== 'dumb'
}
