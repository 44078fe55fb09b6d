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
  const source = [...text].map((c) => `(?:${encoded(c)}|${literal(c)}${alternative(c)})`).join('')
  // A very short text is looked for as a word only: it would be found in every sentence.
  return new RegExp(isShort(text) ? `(?<!\\w)${source}(?!\\w)` : source, 'g')
}

/** A blank as forms write it, a quote as literals do; and a server's message may have no such character. */
function alternative(character: string): string {
  if (character === ' ') return '|\\+'
  if (/['"\\]/.test(character)) return `|[${literal(character)}\\\\]${literal(character)}`
  return character > '\x7f' ? '|\\?{1,4}' : ''
}

/** Too short to be looked for amid other characters. */
export function isShort(text: string): boolean {
  return text.length < 4
}

function literal(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/-]/, '\\$&')
}

function encoded(character: string): string {
  const bytes = [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
  return bytes.join('').replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
}
