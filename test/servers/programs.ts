import { accessSync, constants, readdirSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** The folders of PATH, and those where servers lie though PATH does not name them. */
export function pathFolders(): string[] {
  return [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/sbin', '/usr/local/sbin']
}

// The paths of a pattern with one star, the newest version first.
export function starred(pattern: string): string[] {
  const [before = '', after = ''] = pattern.split('*')
  const parent = before.endsWith('/') ? before : dirname(before)
  return entries(parent)
    .map((name) => join(parent, name))
    .filter((path) => path.startsWith(before))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((path) => path + after)
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Where `program` really is, links followed, in the first of the folders that has it. */
export function locate(program: string, folders: readonly string[] = pathFolders()): string | undefined {
  for (const folder of folders) {
    const path = join(folder, program)
    if (isExecutable(path)) return realpathSync(path)
  }
  return undefined
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
