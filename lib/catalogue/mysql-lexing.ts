/**
 * The little that has to be understood of what SHOW CREATE prints: where strings and quoted names are, where a comma or a
 * parenthesis counts. Strings have backslash escapes: the reader sets the session's sql_mode.
 */

const quoted = /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`]|``)*`/y

export function name(text: string): string {
  return `\`${text.replaceAll('`', '``')}\``
}

export function unquoted(text: string): string {
  const quote = text[0]!
  return quote === '`' || quote === '"' ? text.slice(1, -1).replaceAll(quote + quote, quote) : text
}

/** What a string literal says, as SHOW CREATE TABLE writes them. */
export function said(literal: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0', Z: '\x1a', b: '\b' }
  return literal.slice(1, -1).replace(/''|\\([\s\S])/g, (_, escaped?: string) => {
    if (escaped === undefined) return "'"
    return escapes[escaped] ?? escaped
  })
}

export function literal(text: string): string {
  const escapes: Readonly<Record<string, string>> = { "'": "''", '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\0': '\\0' }
  return `'${text.replace(/['\\\n\r\0]/g, (character) => escapes[character]!)}'`
}

/** Calls back for each character that is in no string and no quoted name, with the depth of parentheses before it. */
function eachBare(text: string, bare: (at: number, depth: number) => void): void {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    quoted.lastIndex = at
    if (quoted.test(text)) {
      at = quoted.lastIndex - 1
      continue
    }
    if (text[at] === ')') depth--
    bare(at, depth)
    if (text[at] === '(') depth++
  }
}

/** The parts of a list between its commas, trimmed. */
export function listItems(text: string): readonly string[] {
  const items: string[] = []
  let start = 0
  eachBare(text, (at, depth) => {
    if (text[at] !== ',' || depth > 0) return
    items.push(text.slice(start, at).trim())
    start = at + 1
  })
  items.push(text.slice(start).trim())
  return items
}

/** Where the parenthesis at `open` is closed. */
export function closing(text: string, open: number): number {
  let found = text.length
  eachBare(text.slice(open), (at, depth) => {
    if (text[open + at] === ')' && depth === 0 && found === text.length) found = open + at
  })
  return found
}

/** Words, literals, quoted names, and parentheses with all that is in them, as they stand. */
export function words(text: string): readonly string[] {
  const found: string[] = []
  let start = 0
  eachBare(`${text} `, (at, depth) => {
    if (depth > 0 || !/\s/.test(text[at] ?? ' ')) return
    if (at > start) found.push(text.slice(start, at))
    start = at + 1
  })
  return found
}

/** The text with another in place of what a pattern finds outside of strings (quoted names are no strings). */
export function outsideStrings(text: string, change: (code: string) => string): string {
  return text
    .split(/('(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*")/)
    .map((piece, index) => (index % 2 === 1 ? piece : change(piece)))
    .join('')
}

/** The text with underscores for its strings, so that a search finds no words in them; as long as it was. */
export function blanked(text: string): string {
  return text.replace(/'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"/g, (string) => '_'.repeat(string.length))
}

/** Without the comments that hide a clause from older servers: they hide it from the reader of a dump, too. */
export function uncovered(text: string): string {
  return outsideStrings(text, (code) => code.replace(/\/\*M?!\d*\s*/g, '').replace(/\s*\*\//g, ''))
}

/**
 * Without the current database's name, which servers print before tables, columns and functions where the user has; two
 * databases with the same schema would differ. Where something has an alias of that name, only what is clearly a table.
 */
export function withoutDatabase(text: string, database: string): string {
  const own = name(database)
  const pattern = own.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const isAlias = new RegExp(`[\`)] ${pattern}(?!\\.)`).test(text)
  return outsideStrings(text, (code) =>
    isAlias
      ? code.replace(new RegExp(`((?:from|join)\\s[\\s(]*)${pattern}\\.`, 'gi'), '$1')
      : code.replace(new RegExp(`(?<!\`|\\.)${pattern}\\.(?=\`)`, 'g'), ''),
  )
}
