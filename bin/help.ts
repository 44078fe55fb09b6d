import { version } from '../lib/version.ts'
import type { Declared } from './arguments.ts'
import { flagName, valueName } from './arguments.ts'
import { columns } from './table.ts'

const groups: Readonly<Record<string, readonly string[]>> = {
  'Day by day': ['new', 'up', 'status', 'check'],
  'Look closer': ['current', 'history', 'show', 'report', 'script'],
  'The schema as it is': ['diff', 'dump', 'bootstrap'],
  'Bring a history along': ['import-legacy', 'adopt'],
  'Put right': ['accept', 'rebase', 'resolve', 'baseline'],
  'The database itself': ['wait', 'create', 'drop'],
  'Not there': ['down'],
}

/** What `sqlmig` alone prints. */
export function overview(commands: ReadonlyMap<string, Declared>, common: Declared['options']): string {
  const rows = Object.entries(groups).map(
    ([title, names]) => [title, names.map((name) => summary(commands.get(name)!))] as const,
  )
  const width = Math.max(...rows.flatMap(([, lines]) => lines.map(([usage]) => usage!.length)))
  const sections = rows.map(([title, lines]) =>
    section(
      title,
      lines.map(([usage, about]) => `${usage!.padEnd(width)}  ${about}`),
    ),
  )
  return [
    `sqlmig ${version()}: database migrations as plain SQL files`,
    section('Usage', ['sqlmig COMMAND [options]']),
    ...sections,
    section('Everywhere', optionLines(common)),
    section('To begin with', ['sqlmig new create_customer', 'sqlmig up --database sqlite:app.db']),
    '"sqlmig help COMMAND" tells more about each.',
  ].join('\n\n')
}

function summary({ usage, describe }: Declared): readonly [string, string] {
  return [readable(usage), describe?.join(' ') ?? '']
}

/** What `sqlmig help COMMAND` prints. */
export function commandHelp(name: string, declared: Declared, common: Declared['options']): string {
  const [usage, about] = summary(declared)
  return [
    `sqlmig ${name}: ${about}`,
    section('Usage', [`sqlmig ${usage} [options]`]),
    ...(declared.options.length > 0 ? [section('Options', optionLines(declared.options, name))] : []),
    section('Everywhere', optionLines(common)),
    section(
      declared.examples.length > 1 ? 'Examples' : 'Example',
      declared.examples.map((example) => `sqlmig ${example}`),
    ),
  ].join('\n\n')
}

function readable(usage: string): string {
  return usage.replace(/<(\w+)>|(?<=\[)\w+(?=\])/g, (word, name: string | undefined) => (name ?? word).toUpperCase())
}

function optionLines(options: Declared['options'], command?: string): string[] {
  return columns(
    options.map((option) => {
      const value = valueName(flagName(option), command)
      return [value ? `${option[0]} ${value}` : option[0], option[1]]
    }),
  )
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`)].join('\n')
}
