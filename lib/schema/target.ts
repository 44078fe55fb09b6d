import type { DialectName } from '../dialects/dialect-name.ts'
import type { NamingConvention } from './naming.ts'

export type ServerFlavor = 'mysql' | 'mariadb'
export type SqlalchemyVersion = '1.3' | '1.4' | '2.0'

/** What an operation is meant for: the database, and the rules of the SQLAlchemy that the script was written for. */
export interface Target {
  readonly dialect: DialectName
  /** Told apart only where MySQL and MariaDB need different SQL; `mysql` unless told. */
  readonly serverFlavor?: ServerFlavor
  /** `1.4` unless told. Before 1.4 Boolean and Enum made a CHECK by themselves; 2.0 has Uuid and Double. */
  readonly sqlalchemy?: SqlalchemyVersion
  readonly namingConvention?: NamingConvention
}

export function isBefore(target: Target, version: SqlalchemyVersion): boolean {
  return Number(target.sqlalchemy ?? '1.4') < Number(version)
}

export function isMariadb(target: Target): boolean {
  return target.dialect === 'mysql' && target.serverFlavor === 'mariadb'
}
