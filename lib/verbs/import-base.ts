import { readFileSync } from 'node:fs'
import type { DialectName } from '../dialects/dialect-name.ts'
import { SqlmigError } from '../errors.ts'
import type { Schema } from '../schema/table.ts'
import { withDatabase } from './context.ts'

/**
 * The schema that was there before the first script, for each dialect.
 * @param base a file with its SQL, or the URL of a database that has it
 * @throws SqlmigError `file-access`, `unsupported` where a part of it cannot be understood; what opening a database throws
 */
export async function readBase(
  base: string,
  dialects: readonly DialectName[],
): Promise<ReadonlyMap<DialectName, Schema>> {
  const { readSchema } = await import('../ddl/read-ddl.ts')
  const sql = isUrl(base) ? await schemaOf(base, dialects) : readFile(base)
  return new Map(
    dialects.map((dialect) => {
      const { schema, problems } = readSchema(sql, dialect, { dialect })
      const [problem] = problems
      if (problem) throw notUnderstood(base, dialect, problem)
      return [dialect, schema] as const
    }),
  )
}

/** With "//" at its front or an "@", what is no URL was meant as one, and is not repeated as a file's name. */
export function isUrl(base: string): boolean {
  return base === ':memory:' || /^(?:[a-z][a-z0-9+.-]*:|\/\/.*@)/is.test(base)
}

async function schemaOf(url: string, dialects: readonly DialectName[]): Promise<string> {
  const { readDdlOf } = await import('../catalogue/ddl-of.ts')
  return withDatabase({ database: url }, 'read', async ({ session, dialect }) => {
    if (dialects.length !== 1 || dialects[0] !== dialect.name) {
      throw new SqlmigError(
        'usage',
        `--base is a database of ${dialect.title}, but not the only dialect of this import`,
        {
          state: 'nothing was written',
          remedy: `add --dialect ${dialect.name}`,
        },
      )
    }
    return readDdlOf(session, dialect.name)
  })
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new SqlmigError('file-access', `${path} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, {
      at: { file: path },
      state: 'nothing was written',
      remedy: '--base names a file with SQL, or the URL of a database',
      cause,
    })
  }
}

function notUnderstood(
  base: string,
  dialect: DialectName,
  { line, reason }: { readonly line: number; readonly reason: string },
): SqlmigError {
  return new SqlmigError('unsupported', `a part of --base cannot be understood for ${dialect}: ${reason}`, {
    at: isUrl(base) ? {} : { file: base, line },
    state: 'nothing was written',
    remedy: 'give the schema of one dialect with --dialect, or take this part out of the file',
  })
}
