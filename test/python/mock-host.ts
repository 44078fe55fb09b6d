import type { Span } from '../../lib/python/ast.ts'
import { type Host, HostObject, type TryInfo } from '../../lib/python/host.ts'
import { Interpreter } from '../../lib/python/interpreter.ts'
import { parse } from '../../lib/python/parse.ts'
import { show } from '../../lib/python/predicates.ts'
import { conditionsOf } from '../../lib/python/symbolic.ts'
import type { Fact, Kwargs, SymSeq, Unknown, Value } from '../../lib/python/values.ts'

/** A tiny database world: `db.run(…)` is an effect, `db.columns(t)` asks the catalogue, `db.ask(key)` is a fact. */
class Db extends HostObject {
  readonly log: string[] = []

  override get(name: string): Value | undefined {
    return ['run', 'columns', 'ask', 'unknown', 'begin', 'may_fail'].includes(name) ? new Method(this, name) : undefined
  }

  override enter(): Value {
    this.log.push('begin')
    return this
  }

  override exit(): void {
    this.log.push('end')
  }
}

class Method extends HostObject {
  readonly db: Db

  constructor(db: Db, name: string) {
    super(name)
    this.db = db
  }

  override call(args: readonly Value[], _kwargs: Kwargs, vm: Interpreter, at: Span): Value {
    const [first] = args
    if (this.label === 'columns') return vm.symbolic(String(first), at)
    if (this.label === 'ask') return vm.fact(String(first), first)
    if (this.label === 'begin') return this.db
    if (this.label === 'unknown') return vm.unknown(String(first ?? 'rows'), at, [this.db])
    if (this.label === 'may_fail') vm.raiseWhen(vm.fact(`missing ${first}`, first), 'RuntimeError', 'no such table')
    if (this.label !== 'run') return null
    const effect = vm.effect(at)
    const text = args.map((arg) => (typeof arg === 'string' ? arg : vm.shown(arg))).join(' ')
    if (effect.certain) this.db.log.push(effect.predicate.op === 'const' ? text : `[${show(effect.predicate)}] ${text}`)
    return null
  }
}

export interface Played {
  readonly log: readonly string[]
  readonly value: string
}

/** Evaluates a script and calls its `main`; gives what it did, line by line. */
export function play(source: string, bounds = {}): Played {
  const db = new Db('db')
  const host: Host = {
    resolveModule: (name) => (name === 'world' ? vm.module('world', { db }) : undefined),
    exists: (seq: SymSeq): Fact | Unknown | undefined => {
      const conditions = conditionsOf(seq)
      if (!conditions) return undefined
      const text = conditions.map(
        ({ path, operator, value, holds }) => `${holds ? '' : 'not '}${path.join('.')}${operator}${vm.shown(value)}`,
      )
      return vm.fact(`${String(seq.source)}{${text.join(' & ')}}`, seq.source)
    },
    onUncertain: ({ unknown, node }) => {
      db.log.push(`todo ${unknown.reason}: ${vm.excerpt(node).split('\n')[0]}`)
    },
    onUnknownCall: (callee, args) => {
      if (args.some((arg) => arg === db)) db.log.push(`todo call ${callee.reason}`)
    },
    onTryEnter: (info: TryInfo) => {
      db.log.push(`try ${info.handlers.map(({ types, ends }) => `${types.join('|') || 'all'}:${ends}`).join()}`)
    },
    onTryLeave: ({ effects, raised }) => {
      db.log.push(`/try${effects.length > 0 ? ` effects:${effects.length}` : ''}${raised ? ' raised' : ''}`)
    },
    onRaise: ({ predicate, type }) => {
      db.log.push(`stop [${show(predicate)}] ${type}`)
    },
  }
  const parsed = parse(`from world import db\n${source}`, 'script.py')
  if ('error' in parsed) return { log: [parsed.error.message], value: '' }
  const vm = new Interpreter(host, bounds)
  const loaded = vm.run(parsed.module)
  if ('failed' in loaded) return { log: [...db.log, JSON.stringify(loaded.failed)], value: 'failed' }
  const main = vm.getGlobal('main')
  if (main === undefined) return { log: db.log, value: '' }
  const result = vm.call(main)
  const value =
    'failed' in result
      ? `failed ${result.failed.kind} ${'type' in result.failed ? result.failed.type : ''}`
      : valueText(vm, result.value)
  return { log: db.log, value }
}

function valueText(vm: Interpreter, value: Value): string {
  const { kind } = (value ?? {}) as { kind?: string }
  if (kind === 'fact') return `fact ${show((value as Fact).predicate)}`
  if (kind === 'either') {
    const { predicate, yes, no } = value as { predicate: Parameters<typeof show>[0]; yes: Value; no: Value }
    return `${show(predicate)} ? ${valueText(vm, yes)} : ${valueText(vm, no)}`
  }
  return kind === 'unknown' ? `unknown ${(value as Unknown).reason}` : vm.shown(value)
}
