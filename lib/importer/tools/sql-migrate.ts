import { baseName, type ToolFile } from './tool-file.ts'
import { Sections, type UpPart } from './up-part.ts'

/** A command of sql-migrate and its options (its source, sqlparse/sqlparse.go; README, "Writing migrations"). */
function commandOf(line: string): readonly string[] | undefined {
  return line.startsWith('-- +migrate ') ? line.slice('-- +migrate '.length).trim().split(/\s+/) : undefined
}

export function isSqlMigrate(text: string): boolean {
  return /^-- \+migrate /m.test(text)
}

/** What stands above the first `Up` or `Down` is not run; commands that it does not know are passed over. */
export function sqlMigrateUp(text: string): UpPart {
  const sections = new Sections(text)
  for (const line of sections.lines) {
    const command = commandOf(line)
    if (command === undefined) sections.take(line)
    else obey(command, sections)
  }
  return sections.finish({ name: 'sql-migrate', up: '-- +migrate Up' })
}

function obey([command, ...options]: readonly string[], sections: Sections): void {
  if (command === 'Up' && options.includes('notransaction')) sections.noTransaction = true
  if (command === 'Up') sections.marker('up')
  else if (command === 'Down') sections.marker('down')
  else if (command === 'StatementBegin') sections.begin()
  else if (command === 'StatementEnd') sections.end()
  else sections.marker()
}

/** The name is the version; names that begin with a number come first, by that number (migrate.go, Less). */
export function sqlMigrateName({ path }: ToolFile): { version: string; order: readonly (bigint | string)[] } {
  const name = baseName(path)
  const number = /^\d+/.exec(name)?.[0]
  return { version: name, order: number === undefined ? [1n, 0n, name] : [0n, BigInt(number), name] }
}
