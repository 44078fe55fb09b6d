import type { Place } from '../errors.ts'
import { SqlmigError } from '../errors.ts'
import type { Lexis } from './lexis.ts'

// Lines in SQL files that are meant for the client program, not for the server.

/** pg_dump writes `\restrict KEY` and `\unrestrict KEY` against injected commands (PostgreSQL 15.14 and up). */
export function isPassedOver(line: string): boolean {
  return /^\\(un)?restrict(\s|$)/.test(line)
}

/**
 * The delimiter that a DELIMITER line of the mysql client sets.
 * @throws SqlmigError `client-command`
 */
export function parseDelimiter(place: Place, line: string): string {
  const delimiter = /^\S+\s+(['"]?)(\S+?)\1\s*$/.exec(line)?.[2]
  if (delimiter && !delimiter.includes('\\')) return delimiter
  throw new SqlmigError('client-command', 'DELIMITER without a usable delimiter', {
    at: place,
    remedy: 'write for example DELIMITER $$',
  })
}

/** The error for any other command. */
export function refusedCommand(place: Place, line: string): SqlmigError {
  const command = /^[^\s;]+/.exec(line)?.[0] ?? line
  const connect = /^\\c(onnect)?$/.test(command)
  return new SqlmigError('client-command', `"${command}" is a command of the client program, not SQL`, {
    at: place,
    remedy: connect
      ? 'remove the line: sqlmig works in the one database of its URL; split the file where it names several'
      : 'remove the line, or write what it does as SQL',
  })
}

/** @param text a word at the start of a line, and the character after it */
export function isCommand(text: string, lexis: Lexis): boolean {
  const word = /^([a-z]+)[\s;]?$/i.exec(text)?.[1]
  return word !== undefined && lexis.clientCommands.has(word.toLowerCase())
}
