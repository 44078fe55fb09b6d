import type { DialectName } from '../dialects/dialect-name.ts'

/** What stands for the name of the database in texts that a script makes: it is another one each time the chain is run. */
export const databaseName = '⟨the database⟩'

const quoted = `["\`]?${databaseName}["\`]?`

/** The statement without that name, where the server knows a way to say "this database"; undefined where it does not. */
export function withoutDatabaseName(sql: string, dialect: DialectName): string | undefined {
  if (!sql.includes(databaseName)) return sql
  const altered = new RegExp(`^(\\s*ALTER\\s+(?:DATABASE|SCHEMA)\\s+)${quoted}\\s*([\\s\\S]*)$`, 'i').exec(sql)
  const rest = altered?.[2]
  if (rest === undefined || rest.includes(databaseName)) return undefined
  // MySQL manual, "ALTER DATABASE Statement": without a name it applies to the default database
  if (dialect === 'mysql') return `${altered![1]!.trimEnd()} ${rest}`
  if (dialect !== 'postgres' || /['%$]/.test(rest)) return undefined
  return `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I ${rest}', current_database()); END $$`
}
