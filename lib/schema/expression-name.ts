/** A piece of an expression: a word, a name, a string, a group in brackets of either kind, or one character. */
const piece = /"(?:[^"]|"")*"|'(?:[^']|'')*'|::|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|\S/g

/** PostgreSQL's own names of the types that have others in SQL (the typname that FigureColname sees). */
const typeNames: { readonly [written: string]: string } = {
  int: 'int4',
  integer: 'int4',
  bigint: 'int8',
  smallint: 'int2',
  boolean: 'bool',
  decimal: 'numeric',
  dec: 'numeric',
  real: 'float4',
  float: 'float8',
  double: 'float8',
  character: 'bpchar',
  char: 'bpchar',
}

/** What PostgreSQL calls an expression in the name of an index (FigureIndexColname in parse_target.c); most are `expr`. */
export function expressionName(text: string): string {
  return nameOf(pieces(text)) ?? 'expr'
}

type Piece = string | readonly Piece[]

function pieces(text: string): readonly Piece[] {
  const open: Piece[][] = [[]]
  for (const [found] of text.matchAll(piece)) {
    if (found === '(' || found === '[') open.push([])
    else if ((found === ')' || found === ']') && open.length > 1) {
      const group = open.pop()!
      open.at(-1)!.push(found === ')' ? group : ['[', ...group])
    } else open.at(-1)!.push(found)
  }
  return open[0]!
}

function nameOf(of: readonly Piece[]): string | undefined {
  const collate = of.findIndex((_, n) => wordAt(of, n) === 'collate')
  if (collate > 0) return nameOf(of.slice(0, collate))
  const cast = of.indexOf('::')
  if (cast > 0)
    return primaryName(of.slice(0, cast)) ?? (isPrimary(of.slice(0, cast)) ? typeName(of.slice(cast + 1)) : undefined)
  const word = wordAt(of, 0)
  if (word === 'case' && wordAt(of, of.length - 1) === 'end') return caseName(of)
  if (word === 'cast' && of.length === 2) return castName(of[1] as readonly Piece[])
  const zone = of.findIndex(
    (_, n) => wordAt(of, n) === 'at' && wordAt(of, n + 1) === 'time' && wordAt(of, n + 2) === 'zone',
  )
  return zone > 0 && isPrimary(of.slice(0, zone)) ? 'timezone' : primaryName(of)
}

function wordAt(of: readonly Piece[], at: number): string | undefined {
  const found = of[at]
  return typeof found === 'string' ? found.toLowerCase() : undefined
}

/** A column, a function's call, or one of them in parentheses. */
function primaryName(of: readonly Piece[]): string | undefined {
  const last = of.at(-1)
  if (Array.isArray(last) && last[0] === '[')
    return primaryName(of.slice(0, -1)) ?? (of.length === 1 ? 'array' : undefined)
  if (of.length === 1 && Array.isArray(last)) return nameOf(last)
  const path = Array.isArray(last) ? of.slice(0, -1) : of
  const names = path.filter((_, n) => n % 2 === 0)
  const dots = path.filter((_, n) => n % 2 === 1)
  const isPath = path.length % 2 === 1 && dots.every((dot) => dot === '.') && names.every(isName)
  return isPath ? unquoted(names.at(-1) as string) : undefined
}

function isPrimary(of: readonly Piece[]): boolean {
  return of.length === 1 || primaryName(of) !== undefined
}

function isName(of: Piece): boolean {
  return typeof of === 'string' && /^["A-Za-z_\u0080-\uffff]/.test(of)
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()
}

function typeName(of: readonly Piece[]): string | undefined {
  const words = of.flatMap((p) => (typeof p === 'string' && isName(p) ? unquoted(p) : []))
  const [first = '', second] = words
  if (second === 'varying') return first === 'bit' ? 'varbit' : 'varchar'
  if (words.includes('zone')) return words.includes('with') ? `${first}tz` : first
  return of[1] === '.' ? second : (typeNames[first] ?? first)
}

function castName(of: readonly Piece[]): string | undefined {
  const as = of.findIndex((_, n) => wordAt(of, n) === 'as')
  return nameOf(of.slice(0, as)) ?? typeName(of.slice(as + 1))
}

function caseName(of: readonly Piece[]): string {
  const otherwise = of.findLastIndex((_, n) => wordAt(of, n) === 'else')
  return (otherwise < 0 ? undefined : nameOf(of.slice(otherwise + 1, -1))) ?? 'case'
}
