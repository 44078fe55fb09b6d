/** Strings, quoted names, words: enough of SQL to tell the columns in the text of an expression. */
const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|(?<![\w\])$])\[[^\]']*\]|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/g

interface Found {
  readonly name: string
  readonly at: number
  readonly end: number
}

/** The names in the text of an expression that can be columns: no functions, no types, no tables before a dot. */
function namesIn(text: string): readonly Found[] {
  const found: Found[] = []
  for (const match of text.matchAll(token)) {
    const [word] = match
    const end = match.index + word.length
    if (word.startsWith("'") || isElse(text, match.index, end)) continue
    found.push({ name: unquoted(word), at: match.index, end })
  }
  return found
}

/** A function, a table before its column, a type after a cast or before a literal. */
function isElse(text: string, at: number, end: number): boolean {
  return /^\s*[('.]/.test(text.slice(end)) || /(?:::|\bAS)\s*$/i.test(text.slice(0, at))
}

function unquoted(word: string): string {
  if (word.startsWith('[')) return word.slice(1, -1)
  const mark = word[0]!
  return mark === '"' || mark === '`' ? word.slice(1, -1).replaceAll(mark + mark, mark) : word
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** Which of the columns the text names, whatever their case. */
export function columnsInText(text: string, columns: readonly string[]): readonly string[] {
  const names = namesIn(text)
  return columns.filter((column) => names.some(({ name }) => same(name, column)))
}

/** The text with a column called by its new name. */
export function renameInText(text: string, from: string, to: string): string {
  const plain = /^[a-z_][a-z0-9_]*$/.test(to)
  let result = ''
  let kept = 0
  for (const { name, at, end } of namesIn(text)) {
    if (!same(name, from)) continue
    const mark = text[at] === '`' ? '`' : '"'
    const quoted = !plain || /^["`[]/.test(text[at]!)
    result += text.slice(kept, at) + (quoted ? mark + to.replaceAll(mark, mark + mark) + mark : to)
    kept = end
  }
  return result + text.slice(kept)
}
