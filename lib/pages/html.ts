/** A piece of a page: text in which everything from outside has been escaped. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Piece = Html | string | number | readonly Piece[] | undefined

/** Markup as it is written here; whatever is put into it is escaped, unless it is a piece of a page itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Piece[]): Html {
  let text = parts[0]!
  for (let at = 0; at < values.length; at++) text += textOf(values[at]) + parts[at + 1]!
  return new Html(text)
}

export const nothing = new Html('')

export function joined(pieces: readonly Piece[], separator: string): Html {
  return new Html(pieces.map(textOf).join(separator))
}

function textOf(value: Piece): string {
  if (value instanceof Html) return value.text
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? escaped(value) : value.map(textOf).join('')
}

/** What a URL in a text holds as a password is nobody's business. */
export function withoutSecrets(text: string): string {
  if (!text.includes(':')) return text
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:@/'"<>]*:)\S*@/gi, '$1***@')
    .replace(/(:\/\/\S*[?&](?:password|passwd|pwd)=)[^&\s'"<>]+/gi, '$1***')
}

// What ends text or attributes, what cannot be seen, and what turns the reading direction around.
const special = /[&<>"'\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** A text from a file, a server or a user, for the text of an element or a quoted attribute, without passwords of URLs. */
function escaped(text: string): string {
  return withoutSecrets(text).replace(special, (character) => {
    const code = character.charCodeAt(0)
    if ('&<>"\''.includes(character)) return `&#${code};`
    if (code < 0x20) return `&#${0x2400 + code};`
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
  })
}
