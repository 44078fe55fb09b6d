import type { Sade } from 'sade'

/** A command as it is declared: sade keeps this, and tells it to nobody. */
export interface Declared {
  /** `show <id>` */
  readonly usage: string
  readonly describe?: readonly string[]
  /** `--to` and what it means. */
  readonly options: readonly (readonly [flag: string, about: string])[]
  readonly examples: readonly string[]
}

/** The flags that take a value, and how help calls it; all others stand alone. */
const valueNames: Readonly<Record<string, string>> = {
  database: 'URL',
  dir: 'DIR',
  'env-file': 'FILE',
  table: 'NAME',
  to: 'ID',
  steps: 'N',
  'lock-wait': 'TIME',
  'lock-timeout': 'TIME',
  'lock-retries': 'N',
  'batch-target': 'TIME',
  dialect: 'NAME',
  out: 'FILE',
  head: 'HASH',
  reason: 'TEXT',
  through: 'N',
  from: 'TOOL',
  'tool-table': 'NAME',
  timeout: 'TIME',
  source: 'DIR',
  types: 'FILE',
  'naming-convention': 'FILE',
  base: 'URL|FILE|REF',
  report: 'FILE',
  html: 'FILE',
  schema: 'URL|FILE',
  scratch: 'URL',
  rename: 'OLD=NEW',
  format: 'NAME',
  'from-edit': 'ID',
}

/** Elsewhere these stand alone. */
const valuesOfCommands: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'import-legacy': { verify: 'URL' },
}

/** How help calls the value that a flag of a command takes; undefined where it stands alone. */
export function valueName(flag: string, command: string | undefined): string | undefined {
  return valuesOfCommands[command ?? '']?.[flag] ?? (Object.hasOwn(valueNames, flag) ? valueNames[flag] : undefined)
}

/** The flags of a command that take a value. */
export function valueFlags(command: string | undefined): readonly string[] {
  return [...Object.keys(valueNames), ...Object.keys(valuesOfCommands[command ?? ''] ?? {})]
}

/** These may be given several times; their values are kept line by line. */
const repeatable = ['dialect', 'source', 'rename']

/** A call that cannot be understood. */
export class UsageError extends Error {
  readonly remedy: string | undefined
  /** A word that may be a slip, what it may have been meant to be, and how to write that. */
  readonly slip: { readonly word: string; readonly candidates: readonly string[] } | undefined

  constructor(message: string, remedy?: string, slip?: UsageError['slip']) {
    super(message)
    this.remedy = remedy
    this.slip = slip
  }
}

export interface Words {
  readonly command: string | undefined
  readonly rest: readonly string[]
  /** By name without dashes; true where the flag takes no value. */
  readonly flags: ReadonlyMap<string, string | true>
}

export function declaredCommands(cli: Sade): ReadonlyMap<string, Declared> {
  const { tree } = cli as Sade & { readonly tree: Readonly<Record<string, Declared>> }
  return new Map(Object.entries(tree).filter(([name]) => !name.startsWith('__')))
}

export function commonOptions(cli: Sade): Declared['options'] {
  return (cli as Sade & { readonly tree: Readonly<Record<string, Declared>> }).tree.__all__!.options
}

export function flagName(option: Declared['options'][number]): string {
  return option[0].replace(/^--/, '')
}

/**
 * Takes the arguments apart. sade would guess: it takes unknown flags, drops what is too much, makes numbers of texts,
 * and a flag before the command eats the command.
 * @throws UsageError for a flag given twice or without its value
 */
export function readWords(argv: readonly string[]): Words {
  const flags = new Map<string, string | true>()
  const rest: string[] = []
  const words = [...argv]
  const special = Object.keys(valuesOfCommands).find((name) => argv.includes(name))
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') rest.push(...words.splice(0))
    else if (/^-./.test(word)) readFlag(word, words, flags, special)
    else rest.push(word)
  }
  const [command, ...others] = rest
  return { command, rest: others, flags }
}

const short: Readonly<Record<string, string>> = { '-h': 'help', '-v': 'version' }

function readFlag(
  word: string,
  following: string[],
  flags: Map<string, string | true>,
  command: string | undefined,
): void {
  const [, flag = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(word) ?? []
  const name = short[flag] ?? flag.replace(/^--(?=[^-])/, '')
  const before = flags.get(name)
  if (before !== undefined && !repeatable.includes(name)) throw new UsageError(`${flag} is given twice`, 'give it once')
  if (valueName(name, command) !== undefined) {
    const given = value || nextValue(flag, valueName(name, command)!, following)
    flags.set(name, typeof before === 'string' ? `${before}\n${given}` : given)
  } else if (value === undefined) flags.set(name, true)
  else throw new UsageError(`${flag} takes no value`, `write ${flag} alone`)
}

function nextValue(flag: string, kind: string, following: string[]): string {
  const [next] = following
  // "-3" is a wrong value, and told as one
  if (next && !/^-\D/.test(next)) return following.shift()!
  throw new UsageError(`${flag} needs a value`, `write ${flag} ${kind}, or ${flag}=${kind} where it begins with "-"`)
}

/** @throws UsageError where there is no such command */
export function findCommand(name: string, commands: ReadonlyMap<string, Declared>): Declared {
  const found = commands.get(name)
  if (found) return found
  if (mayHoldPassword(name))
    throw new UsageError('a URL stands where a command belongs', 'a database is given with --database URL')
  throw new UsageError(`there is no command "${name}"`, 'see "sqlmig help"', {
    word: name,
    candidates: [...commands.keys(), 'help'],
  })
}

/** A flag's name with its dashes. */
export function asWritten(name: string): string {
  return name.startsWith('-') ? name : `--${name}`
}

/** @throws UsageError for a flag that the command does not have, and for an argument too few or too many */
export function checkWords(words: Words, declared: Declared, common: Declared['options']): void {
  const { command, rest, flags } = words
  const candidates = [...declared.options, ...common].map(flagName)
  for (const name of flags.keys()) {
    if (candidates.includes(name)) continue
    const shown = asWritten(name)
    const slip = { word: shown, candidates: candidates.map((candidate) => `--${candidate}`) }
    throw new UsageError(`"${command}" has no flag ${quoted(shown)}`, `see "sqlmig help ${command}"`, slip)
  }
  refuseUrls(words)
  const wanted = declared.usage.match(/<\w+>/g) ?? []
  const most = wanted.length + (declared.usage.match(/\[\w+\]/g) ?? []).length
  const missing = wanted[rest.length]
  if (missing) throw new UsageError(`"${command}" needs the id of a migration`, exampleOf(declared))
  if (rest.length <= most) return
  const extra = rest[most]!
  throw new UsageError(`${quoted(extra)} is too much for "${command}"`, surplusRemedy(extra, declared))
}

/** These take a URL, or a text that may speak of one. */
const mayBeUrl = ['database', 'base', 'reason', 'schema', 'scratch', 'verify']

/** Whatever would be said of a wrong value would repeat it. */
function refuseUrls({ rest, flags }: Words): void {
  const remedy = 'a database is given with --database URL'
  if (rest.some(looksLikeUrl)) throw new UsageError('a URL stands where something else belongs', remedy)
  for (const [name, value] of flags) {
    if (typeof value === 'string' && !mayBeUrl.includes(name) && looksLikeUrl(value))
      throw new UsageError(`--${name} takes a ${valueNames[name]}, and is given a URL`, remedy)
  }
}

function exampleOf({ examples }: Declared): string {
  return `for example: sqlmig ${examples[0]}`
}

function surplusRemedy(extra: string, declared: Declared): string {
  if (mayHoldPassword(extra)) return 'a database is given with --database URL'
  if (declared.usage.includes('[slug]')) return 'put names of several words in quotes, or join them with "_"'
  return exampleOf(declared)
}

function quoted(word: string): string {
  return mayHoldPassword(word) ? 'a URL' : `"${word}"`
}

/** One letter before the colon is a drive of Windows. */
function looksLikeUrl(word: string): boolean {
  return /:\/\/|^(?:\/\/|[a-z][\w+.-]+:).*@/is.test(word)
}

/** A URL is not repeated in a message, nor what may have been meant as one. */
function mayHoldPassword(word: string): boolean {
  return word.includes('@') || /^[a-z][a-z0-9+]*:/i.test(word)
}

/** The arguments as sade cannot misread them. */
export function forSade({ command, rest, flags }: Words): string[] {
  const written = Array.from(flags, ([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`))
  return ['node', 'sqlmig', command!, ...written, '--', ...rest]
}
