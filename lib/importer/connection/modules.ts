import type { DialectName } from '../../dialects/dialect-name.ts'
import { dialects } from '../../dialects/dialects.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { databaseError } from '../database-errors.ts'
import { hostFunction } from '../host-function.ts'
import type { ModuleParts, Names } from '../modules.ts'
import type { Recorder } from '../recorder.ts'
import { applicationObject } from './application.ts'
import { commandLine } from './command-line.ts'
import { composedSql } from './composed-sql.ts'
import { Connection, type ConnectionKind } from './connection.ts'
import { engineValue, leaveWhenAutocommit } from './engine.ts'
import { environment, pathlib, paths } from './environment.ts'
import { inspectorValue } from './inspector.ts'
import { Session, sessionMaker } from './session.ts'
import { UrlValue } from './url-value.ts'

/** `Inspector(engine)`, `Inspector.from_engine(engine)` */
class InspectorClass extends HostObject {
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    super('Inspector')
    this.#recorder = recorder
  }

  override get(name: string): Value | undefined {
    return name === 'from_engine' ? this : undefined
  }

  override call(): Value {
    return inspectorValue(this.#recorder)
  }
}

type Make = (vm: Interpreter, recorder: Recorder) => Names

const engines: Make = (_vm, recorder) => {
  const engine = hostFunction('create_engine', (call) => {
    leaveWhenAutocommit(recorder, call)
    return engineValue(recorder)
  })
  return { create_engine: engine, engine_from_config: engine, create_async_engine: engine, create_pool: engine }
}

const inspection: Make = (_vm, recorder) => ({
  inspect: hostFunction('inspect', () => inspectorValue(recorder)),
})

const inspectorClass: Make = (_vm, recorder) => ({ Inspector: new InspectorClass(recorder) })

const urls: Make = (_vm, recorder) => {
  const url = hostFunction('make_url', () => new UrlValue(recorder))
  return { make_url: url, URL: url }
}

const sessions: Make = (_vm, recorder) => {
  const maker = hostFunction('sessionmaker', () => sessionMaker(recorder))
  const session = hostFunction('Session', () => new Session(recorder))
  return {
    sessionmaker: maker,
    scoped_session: maker,
    async_sessionmaker: maker,
    async_scoped_session: maker,
    Session: session,
    AsyncSession: session,
  }
}

/** A driver: its `connect`, and its exceptions. On a database that is not its own it cannot connect. */
function driver(on: DialectName, kind: ConnectionKind, name: string): Make {
  return (_vm, recorder) => ({
    connect: hostFunction(`${name}.connect`, (call): Value => {
      if (recorder.target.dialect !== on) call.vm.raise(databaseError, `${name} connects to ${dialects[on].title} only`)
      return new Connection(recorder, kind)
    }),
  })
}

const all =
  (...makers: readonly Make[]): Make =>
  (vm, recorder) =>
    Object.assign({}, ...makers.map((make) => make(vm, recorder)))

/** What this room knows of the modules that scripts import. */
export const connectionModules: ModuleParts = {
  sqlalchemy: all(engines, inspection, inspectorClass),
  'sqlalchemy.engine': all(engines, urls, inspectorClass),
  'sqlalchemy.engine.url': urls,
  'sqlalchemy.engine.reflection': inspectorClass,
  'sqlalchemy.inspection': inspection,
  'sqlalchemy.orm': sessions,
  'sqlalchemy.orm.session': sessions,
  'sqlalchemy.ext.asyncio': all(engines, sessions),
  sqlmodel: sessions,
  'sqlmodel.orm.session': sessions,
  'sqlmodel.ext.asyncio.session': sessions,
  flask: () => ({ current_app: applicationObject() }),
  sqlite3: driver('sqlite', 'driver', 'sqlite3'),
  aiosqlite: driver('sqlite', 'driver', 'aiosqlite'),
  psycopg2: driver('postgres', 'driver', 'psycopg2'),
  'psycopg2.sql': composedSql,
  'psycopg.sql': composedSql,
  argparse: commandLine,
  os: environment,
  'os.path': paths,
  pathlib,
  'psycopg2.extensions': () => ({ ISOLATION_LEVEL_AUTOCOMMIT: 0n }),
  psycopg: driver('postgres', 'driver', 'psycopg'),
  asyncpg: all(driver('postgres', 'asyncpg', 'asyncpg'), engines),
  pymysql: driver('mysql', 'driver', 'pymysql'),
  MySQLdb: driver('mysql', 'driver', 'MySQLdb'),
  'mysql.connector': driver('mysql', 'driver', 'mysql.connector'),
  aiomysql: all(driver('mysql', 'driver', 'aiomysql'), engines),
}
