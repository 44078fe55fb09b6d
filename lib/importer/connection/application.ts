import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import { resolveModule } from '../../python/imports.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { textOf } from '../arguments.ts'
import { hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { SaExpression } from '../sqlalchemy/sa-expression.ts'
import { engineValue } from './engine.ts'
import { entryArgument } from './entry.ts'
import { Session } from './session.ts'

/** Modules of libraries whose sessions, connections and apps have nothing to do with the database. */
const foreign =
  /^(requests|boto3|botocore|redis|kombu|celery|aiohttp|httpx|urllib3?|http|paramiko|neo4j|cassandra|pymongo|motor|elasticsearch|ldap3|smtplib|imaplib|ftplib|multiprocessing|starlette|fastapi|flask|django|airflow|pyspark|google|azure|typing|typing_extensions|alembic|sqlalchemy)(\.|$)/

/** Words that an application's own modules about its database have in their names. */
const own =
  /(^|[._])(db|databases?|engine|sessions?|extensions?|models?|app|apps|core|src|backend|server|main|config|settings|sql|storage|base|conn|connection|api|orm|common|shared)([._]|$)/i

/** A name in a module of the application's that cannot be read; undefined where it does not say that it is a way to the database. */
export function applicationName(vm: Interpreter, recorder: Recorder, module: string, name: string): Value | undefined {
  // whichever library it is from
  if (/^_?(logger|LOG|LOGGER)$/.test(name)) return vm.attribute(resolveModule(vm, 'logging', vm.node), 'getLogger')
  if (foreign.test(module) || !(module.startsWith('.') || own.test(module))) return undefined
  return applicationValue(vm, recorder, name)
}

/** `from database import engine`: what an application's module gives by names that say it. */
export function applicationValue(_vm: Interpreter, recorder: Recorder, name: string): Value | undefined {
  if (name === 'db' || name === 'database') return new ApplicationDatabase(recorder)
  if (/^(flask_|current_)?app(lication)?$/.test(name)) return applicationObject()
  return name === 'c' || name === 'tx' || name === 'trans' ? undefined : entryArgument(recorder, name)
}

/** `db` of an application: Flask's, with an engine and a session, or a connection by itself. */
class ApplicationDatabase extends Session {
  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    if (name === 'text')
      return hostFunction(
        name,
        (call) => new SaExpression({ kind: 'sql', text: textOf(call.vm, call.args[0] ?? null, 'text') }),
      )
    if (name === 'session') return new Session(this.recorder)
    if (name === 'engine' || name === 'get_engine')
      return name === 'engine' ? engineValue(this.recorder) : hostFunction(name, () => engineValue(this.recorder))
    return super.get(name, vm, at)
  }
}

/** Flask's `app`: a block inside its context is run as it stands. */
class Application extends HostObject {
  override get(name: string): Value | undefined {
    const context = ['app_context', 'test_request_context'].includes(name)
    return context
      ? hostFunction(name, () => this)
      : name === 'push' || name === 'pop'
        ? hostFunction(name, () => null)
        : undefined
  }
}

export function applicationObject(): HostObject {
  return new Application('the application')
}
