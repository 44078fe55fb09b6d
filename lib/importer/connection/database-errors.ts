import { builtinExceptions } from '../../python/exceptions.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { PyClass } from '../../python/values.ts'
import type { Names } from '../modules.ts'

/**
 * The exceptions of SQLAlchemy and of the drivers, as one family: which of them a server's error becomes depends on the
 * driver, so that one class stands for those of the same name.
 */
const tree: Readonly<Record<string, string>> = {
  SQLAlchemyError: 'Exception',
  StatementError: 'SQLAlchemyError',
  DBAPIError: 'StatementError',
  Error: 'DBAPIError',
  DatabaseError: 'Error',
  InterfaceError: 'Error',
  OperationalError: 'DatabaseError',
  ProgrammingError: 'OperationalError',
  InternalError: 'ProgrammingError',
  IntegrityError: 'DatabaseError',
  DataError: 'DatabaseError',
  NotSupportedError: 'DatabaseError',
  InvalidRequestError: 'SQLAlchemyError',
  NoSuchTableError: 'InvalidRequestError',
  NoSuchColumnError: 'InvalidRequestError',
  NoResultFound: 'InvalidRequestError',
  MultipleResultsFound: 'InvalidRequestError',
  ResourceClosedError: 'InvalidRequestError',
  ArgumentError: 'SQLAlchemyError',
  CompileError: 'SQLAlchemyError',
  UnsupportedCompilationError: 'CompileError',
}

const classes = new Map<string, PyClass>()

function classOf(name: string): PyClass {
  const known = classes.get(name)
  if (known) return known
  const parent = tree[name]!
  const base = parent === 'Exception' ? builtinExceptions().get('Exception')! : classOf(parent)
  const made = new PyClass(name, [base])
  made.make = base.make
  classes.set(name, made)
  return made
}

/** The class for `vm.raise`. A statement that the server refuses raises an InternalError here: `except` of any of its kin catches it. */
export function databaseError(
  name: 'InternalError' | 'NoSuchTableError' | 'NoResultFound' | 'IntegrityError',
): PyClass {
  return classOf(name)
}

/** The names that a driver has. */
export function driverErrors(_vm: Interpreter): Names {
  const names = [
    'Error',
    'DatabaseError',
    'InterfaceError',
    'OperationalError',
    'ProgrammingError',
    'InternalError',
    'IntegrityError',
    'DataError',
    'NotSupportedError',
  ]
  return Object.fromEntries(names.map((name) => [name, classOf(name)]))
}

export function sqlalchemyErrors(_vm: Interpreter): Names {
  return Object.fromEntries(
    Object.keys(tree)
      .filter((name) => name !== 'Error')
      .map((name) => [name, classOf(name)]),
  )
}

/** The names of psycopg2.errors, asyncpg.exceptions and the like for what a migration runs into. */
export function serverErrors(vm: Interpreter): Names {
  const names = [
    'DuplicateColumn',
    'DuplicateTable',
    'DuplicateObject',
    'UndefinedTable',
    'UndefinedColumn',
    'UndefinedObject',
    'DuplicateSchema',
    'DuplicateColumnError',
    'DuplicateTableError',
    'DuplicateObjectError',
    'UndefinedTableError',
    'UndefinedColumnError',
    'UndefinedObjectError',
    'PostgresError',
  ]
  return { ...driverErrors(vm), ...Object.fromEntries(names.map((name) => [name, classOf('ProgrammingError')])) }
}
