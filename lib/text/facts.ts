/** A part of a name; `quoted` means that its case counts. */
export interface NamePart {
  readonly text: string
  readonly quoted: boolean
}

/** A name with its qualifiers before it: `schema.table`, `schema.table.column`. */
export type QualifiedName = readonly NamePart[]

/** A condition about the live database, as the directive `when` states it. */
export type Fact = { readonly exists: boolean } & (
  | { readonly kind: 'table'; readonly table: QualifiedName }
  | { readonly kind: 'column'; readonly table: QualifiedName; readonly column: NamePart }
  | { readonly kind: 'index' | 'constraint'; readonly name: NamePart; readonly table: QualifiedName }
  | { readonly kind: 'rows'; readonly select: string }
)

const namePattern = /\s*(?:"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|\[([^\]]+)\]|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*))/y
const keywordPattern = /\s*([A-Za-z]+)/y

/** Reads the facts after `when`; a sentence that says what is wrong where it cannot. */
export function parseFacts(text: string): readonly Fact[] | string {
  const reader = new Reader(text)
  const facts: Fact[] = []
  for (;;) {
    const fact = readFact(reader)
    if (typeof fact === 'string') return fact
    facts.push(fact)
    if (reader.atEnd) return facts
    if (reader.keyword() !== 'and') return `expected "and" after "${reader.before()}"`
  }
}

/** Reads a dotted name that is all of the text, or gives undefined. */
export function parseName(text: string): QualifiedName | undefined {
  const reader = new Reader(text)
  const name = reader.name()
  return name && reader.atEnd ? name : undefined
}

function readFact(reader: Reader): Fact | string {
  const kind = reader.keyword()
  switch (kind) {
    case 'table': {
      const table = reader.name()
      return table ? verdict(reader, (exists) => ({ kind, table, exists })) : 'a table name is missing'
    }
    case 'column': {
      const name = reader.name()
      if (!name || name.length < 2) return 'a column is written as table.column'
      const column = name[name.length - 1]!
      return verdict(reader, (exists) => ({ kind, table: name.slice(0, -1), column, exists }))
    }
    case 'index':
    case 'constraint': {
      const name = reader.name()
      if (!name || reader.keyword() !== 'on') return `write ${kind} NAME on TABLE`
      const table = reader.name()
      if (!table) return `write ${kind} NAME on TABLE`
      return verdict(reader, (exists) => ({ kind, name: name[name.length - 1]!, table, exists }))
    }
    case 'rows': {
      const select = reader.parenthesised()
      return select === undefined
        ? 'rows is followed by a SELECT in parentheses'
        : verdict(reader, (exists) => ({ kind, select, exists }))
    }
    default:
      return `"${kind ?? ''}" is no fact: the facts are table, column, index, constraint, rows`
  }
}

function verdict(reader: Reader, make: (exists: boolean) => Fact): Fact | string {
  const word = reader.keyword()
  if (word === 'exists' || word === 'absent') return make(word === 'exists')
  return `expected "exists" or "absent" after "${reader.before()}"`
}

class Reader {
  private readonly text: string
  private at = 0
  constructor(text: string) {
    this.text = text
  }

  get atEnd(): boolean {
    return this.text.slice(this.at).trim() === ''
  }

  before(): string {
    return this.text.slice(0, this.at).trim()
  }

  keyword(): string | undefined {
    keywordPattern.lastIndex = this.at
    const match = keywordPattern.exec(this.text)
    if (match) this.at = keywordPattern.lastIndex
    return match?.[1]?.toLowerCase()
  }

  name(): QualifiedName | undefined {
    const parts: NamePart[] = []
    do {
      const part = this.part()
      if (!part) return undefined
      parts.push(part)
    } while (this.text[this.at] === '.' && ++this.at)
    return parts
  }

  private part(): NamePart | undefined {
    namePattern.lastIndex = this.at
    const match = namePattern.exec(this.text)
    if (!match) return undefined
    this.at = namePattern.lastIndex
    const [, double, back, bracket, bare] = match
    if (bare !== undefined) return { text: bare, quoted: false }
    return { text: double?.replaceAll('""', '"') ?? back?.replaceAll('``', '`') ?? bracket!, quoted: true }
  }

  /** The text between `(` and its `)`, blind to parentheses in quotes. */
  parenthesised(): string | undefined {
    const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|[()]/g
    const open = /\s*\(/y
    open.lastIndex = this.at
    if (!open.test(this.text)) return undefined
    const start = (token.lastIndex = open.lastIndex)
    let depth = 1
    for (let match = token.exec(this.text); match; match = token.exec(this.text)) {
      if (match[0] === '(') depth++
      else if (match[0] === ')' && --depth === 0) {
        this.at = token.lastIndex
        return this.text.slice(start, match.index).trim()
      }
    }
    return undefined
  }
}
