// East Asian wide and full-width characters (Unicode TR 11), as far as they are common, and emoji.
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}/u
const without = /^(?:\p{Mn}|\p{Me}|[\u200b-\u200d])/u

/** How many cells of a terminal one character takes. */
export function cellsOf(character: string): 0 | 1 | 2 {
  if (without.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

const colour = /\x1b\[\d+m/g

/** How many cells a text takes; our own colours take none. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text.replace(colour, '')) width += cellsOf(character)
  return width
}

// What would move the cursor, colour the terminal, or turn the reading direction around.
const control = /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069]/g

/** A text from a file, a server or a user as it can be shown: nothing in it acts on the terminal. */
export function visible(text: string): string {
  return text.replace(control, (character) => {
    const code = character.charCodeAt(0)
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`
  })
}

/** The same for a line of a file, whose tabs may stay. */
export function visibleLine(line: string): string {
  return line.replace(/\r$/, '').split('\t').map(visible).join('\t')
}
