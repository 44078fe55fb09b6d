/** What a string literal says, as the server reads it; undefined for one of a kind that is not plain text. */
export function stringValue(literal: string, backslashes: boolean): string | undefined {
  if (literal.startsWith('$')) return literal.replace(/^(\$\w*\$)([\s\S]*)\1$/, '$2')
  const escaped = /^[eE]'/.test(literal)
  const match = /^[eE]?(['"])([\s\S]*)\1$/.exec(literal)
  if (!match) return undefined
  const [, mark, inside] = match
  return escaped || backslashes ? unescaped(inside!, mark!, escaped) : inside!.replaceAll(mark! + mark!, mark!)
}

const mysqlEscapes: { readonly [char: string]: string } = { 0: '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\x1a' }
const postgresEscapes: { readonly [char: string]: string } = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function unescaped(inside: string, mark: string, isPostgres: boolean): string {
  const escapes = isPostgres ? postgresEscapes : mysqlEscapes
  const pattern = /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))|(['"])\6/g
  return inside.replace(pattern, (all, hex, short, long, octal, char, doubled) => {
    if (doubled !== undefined) return doubled === mark ? mark : all
    if (!isPostgres) return mysqlEscaped(all.slice(1))
    if (char !== undefined) return escapes[char] ?? char
    return String.fromCodePoint(
      octal === undefined ? Number.parseInt(hex ?? short ?? long, 16) : Number.parseInt(octal, 8),
    )
  })
}

/** MySQL knows escapes of one character only; `\%` and `\_` keep their backslash. */
function mysqlEscaped(rest: string): string {
  const [char = '', ...others] = [...rest]
  const value = char === '%' || char === '_' ? `\\${char}` : (mysqlEscapes[char] ?? char)
  return value + others.join('')
}
