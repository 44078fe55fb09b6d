import { singleQuoted } from './names.ts'

/** "sqlmig" as a number: the key of the advisory lock. Advisory locks are per database. */
export const lockKey = 0x73716c6d6967

/** object_not_in_prerequisite_state: what a fence fails with. */
export const lost = '55000'

/** lock_not_available: another runner has the lock. */
export const taken = '55P03'

/** A statement that fails where a condition holds. */
export function raise(condition: string, message: string, state: string): string {
  return block(`IF ${condition} THEN ${raising(message, state)} END IF;`)
}

export function raising(message: string, state: string): string {
  return `RAISE EXCEPTION ${singleQuoted(message)} USING ERRCODE = '${state}';`
}

/** A statement of several, in PL/pgSQL, which looks at names only when it comes to them. */
export function block(body: string): string {
  return `DO $sqlmig$ BEGIN ${body} END $sqlmig$`
}
