import type { DialectName } from '../dialects/dialect-name.ts'

/** A database, as a URL names it; `password` never leaves this object but into a driver. */
export interface Target {
  readonly dialect: DialectName
  /** What may be shown: the URL without its password and without parameters that carry secrets. */
  readonly display: string
  /** A path for SQLite (or `:memory:`), else the database's name; empty where the URL names none. */
  readonly database: string
  readonly host: string | undefined
  readonly port: number | undefined
  /** A Unix socket's path (MySQL) or folder (PostgreSQL). */
  readonly socket: string | undefined
  readonly user: string | undefined
  readonly password: string | undefined
  readonly tls: Tls
  /** Session parameters that the URL asks for (`options`, `application_name`, `charset`, …). */
  readonly parameters: Readonly<Record<string, string>>
}

export interface Tls {
  readonly mode: 'off' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'
  /** Paths of PEM files. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}
