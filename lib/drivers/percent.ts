/** Percent-decodes what is validly encoded and leaves a "%" that people forgot to encode. */
export function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run)
    } catch {
      return run
    }
  })
}

/** A pattern that finds the text with any of its characters percent-encoded. */
export function anySpelling(text: string): RegExp {
  const source = [...text].map((c) => `(?:${encoded(c)}|${literal(c)}${c === ' ' ? '|\\+' : ''})`).join('')
  // A very short text is looked for as a word only: it would be found in every sentence.
  return new RegExp(text.length < 4 ? `(?<!\\w)${source}(?!\\w)` : source, 'g')
}

function literal(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/-]/, '\\$&')
}

function encoded(character: string): string {
  const bytes = [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
  return bytes.join('').replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
}
