import { $, bold, cyan, dim, green, red, yellow } from 'kleur/colors'

const colours = { bold, cyan, dim, green, red, yellow }

/** Colours for one stream; they give the text as it is where that stream shows none. */
export type Paint = Readonly<Record<keyof typeof colours, (text: string) => string>>

export function painter(enabled: boolean): Paint {
  const paint =
    (colour: (text: string) => string) =>
    (text: string): string => {
      // kleur looks at stdout alone, once; stderr may be a terminal where stdout is a pipe
      $.enabled = enabled
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
