import type { Sade } from 'sade'
import { version } from '../lib/version.ts'
import type { Declared, Words } from './arguments.ts'
import {
  asWritten,
  checkWords,
  commonOptions,
  declaredCommands,
  findCommand,
  forSade,
  readWords,
  UsageError,
  valueFlags,
} from './arguments.ts'
import { keepCompiled } from './compile-cache.ts'
import { print } from './output.ts'

/** Reads the arguments, checks them before sade does (it would exit with 1, and in its own words), and runs. */
export async function main(cli: Sade, argv: readonly string[]): Promise<void> {
  try {
    process.exitCode = await dispatch(cli, argv)
  } catch (error) {
    const { refuse } = await import('./perform.ts')
    process.exitCode = await refuse(error, argv)
  }
}

async function dispatch(cli: Sade, argv: readonly string[]): Promise<number> {
  const commands = declaredCommands(cli)
  // however somebody calls for a downgrade, the answer is the same
  const words = argv.includes('down') ? downOnly(argv) : readWords(argv)
  const { command, flags } = words
  if (flags.has('help') || command === 'help' || command === undefined) return help(cli, commands, words)
  if (flags.has('version')) return printVersion()
  const declared = findCommand(command, commands)
  checkWords(words, declared, commonOptions(cli))
  return run(cli, words)
}

function downOnly(argv: readonly string[]): Words {
  const known = ['json', 'quiet', 'no-color', 'help'].filter((name) => argv.includes(`--${name}`))
  const first = argv.find((word) => !word.startsWith('-'))
  return first === 'down'
    ? { command: 'down', rest: [], flags: new Map(known.map((name) => [name, true])) }
    : readWords(argv)
}

async function help(
  cli: Sade,
  commands: ReadonlyMap<string, Declared>,
  { command, rest, flags }: Words,
): Promise<number> {
  if (command === undefined && flags.has('version')) return printVersion()
  const about = command === 'help' ? rest[0] : command
  if (command === undefined) refuseFlagsAlone(cli, flags)
  const { commandHelp, overview } = await import('./help.ts')
  if (about === undefined || about === 'help') print(overview(commands, commonOptions(cli)))
  else print(commandHelp(about, findCommand(about, commands), commonOptions(cli)))
  return 0
}

function refuseFlagsAlone(cli: Sade, flags: Words['flags']): void {
  const known = [...commonOptions(cli).map(([flag]) => flag), '--help', '--version']
  const strange = [...flags.keys()].map(asWritten)
  const unknown = strange.find((flag) => !known.includes(flag))
  if (unknown)
    throw new UsageError(`there is no flag "${unknown}"`, 'see "sqlmig help"', { word: unknown, candidates: known })
  if (flags.has('help') || [...flags.keys()].every((name) => name === 'no-color')) return
  throw new UsageError('no command is given', 'see "sqlmig help"')
}

function printVersion(): number {
  print(version())
  return 0
}

async function run(cli: Sade, words: Words): Promise<number> {
  keepCompiled()
  const texts = [...valueFlags(words.command)]
  const { args, handler } = cli.parse(forSade(words), { lazy: true, string: texts })
  return (await handler(...args)) as number
}
