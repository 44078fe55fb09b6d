import { exceptionClass } from '../python/exceptions.ts'
import { PyClass, type Value } from '../python/values.ts'
import type { ModuleParts } from './modules.ts'

const names =
  `Error DatabaseError OperationalError ProgrammingError IntegrityError InternalError NotSupportedError DataError
InterfaceError SQLAlchemyError DBAPIError StatementError CompileError InvalidRequestError NoSuchTableError
NoSuchColumnError NoReferenceError ResourceClosedError UnboundExecutionError CommandError DuplicateColumn DuplicateTable
DuplicateObject UndefinedTable UndefinedColumn UndefinedObject UniqueViolation DuplicateColumnError DuplicateTableError
DuplicateObjectError UndefinedTableError UndefinedColumnError PostgresError MySQLError`.split(/\s+/)

const classes = new Map(names.map((name) => [name, exceptionClass(name)]))

/**
 * What the server raises where an object is there already or missing. Drivers have many classes for it, and the same
 * script meets another one on each database; so this one is all of them, and any handler for such an error catches it.
 */
export const databaseError: PyClass = allOf('OperationalError', [...classes.values()])

function allOf(name: string, bases: readonly PyClass[]): PyClass {
  const made = new PyClass(name, bases)
  const { make } = bases[0]!
  if (make) made.make = make
  return made
}

const errors = (): Readonly<Record<string, Value>> => Object.fromEntries(classes)

const modules =
  `sqlalchemy.exc sqlalchemy.orm.exc sqlite3 aiosqlite psycopg2 psycopg2.errors psycopg psycopg.errors pymysql
pymysql.err MySQLdb mysql.connector mysql.connector.errors asyncpg asyncpg.exceptions aiomysql alembic.util
alembic.util.exc`.split(/\s+/)

export const errorModules: ModuleParts = Object.fromEntries(modules.map((name) => [name, errors]))
