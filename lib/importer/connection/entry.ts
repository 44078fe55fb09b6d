import type { Value } from '../../python/values.ts'
import { hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { Connection } from './connection.ts'
import { engineValue } from './engine.ts'
import { inspectorValue } from './inspector.ts'
import { Session, sessionMaker } from './session.ts'

type Way = (recorder: Recorder) => Value

const engine: Way = engineValue
const connection: Way = (recorder) => new Connection(recorder)
const session: Way = (recorder) => new Session(recorder)
const cursor: Way = (recorder) => new Connection(recorder, 'driver').cursor()
const maker: Way = sessionMaker
const giving =
  (way: Way): Way =>
  (recorder) =>
    hostFunction('a way to the database', () => way(recorder))

/** By the last word of a name, as far as people agree. */
const byWord: readonly (readonly [RegExp, Way])[] = [
  [/^(get|create|make|build)_?(db_?)?(async_?)?engine$/i, giving(engine)],
  [/(^|_)engine$/i, engine],
  [/^(get|open|new|create|make)_?(async_?)?(db_?)?session$/i, giving(session)],
  [/(^|_)session_?(local|maker|factory)$|^SessionLocal$|^(Async)?Session(Local|Maker|Factory)?$/, maker],
  [/(^|_)session$/i, session],
  [
    /^(get|open|create|connect)_?(to_?)?(async_?)?(db|database)?_?(connection|conn)$|^(get|open|connect|connect_to)_?(db|database)$/i,
    giving(session),
  ],
  [/(^|_)(cursor|cur)$|^c$/i, cursor],
  [/(^|_)(conn|connection|bind|connectable|pool|tx|trans|transaction)$/i, connection],
  [/(^|_)(inspector|insp)$/i, inspectorValue],
  [/^db_?(conn|connection)?$|^database$/i, session],
]

/** What a home-grown entry point is handed, by the name of its parameter; undefined where that does not tell. */
export function entryArgument(recorder: Recorder, parameter: string): Value | undefined {
  const name = parameter.replace(/^_+/, '')
  return byWord.find(([pattern]) => pattern.test(name))?.[1](recorder)
}
