import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Tuple, type Value } from '../../python/values.ts'
import { Arguments, textOf } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { Names } from '../modules.ts'
import type { Recorder } from '../recorder.ts'
import { databaseFile } from './environment.ts'
import { urlText } from './url-value.ts'

/** What the file says at its head. */
export const withoutOptions = 'The script is taken to be started without options: each has its default.'

/** What an option is where nobody gives it. */
interface Option {
  readonly name: string
  readonly value: Value
}

/** `argparse.ArgumentParser`: the script is started without options, so that each has its default. */
class Parser extends HostObject {
  readonly #recorder: Recorder
  readonly #options: Option[]

  constructor(recorder: Recorder, options: Option[] = []) {
    super('the command line')
    this.#recorder = recorder
    this.#options = options
  }

  override get(name: string): Value | undefined {
    switch (name) {
      case 'add_argument':
        return hostFunction(name, (call) => {
          this.#options.push(optionOf(call, this.#recorder))
          return null
        })
      case 'set_defaults':
        return hostFunction(name, ({ kwargs }) => {
          for (const [key, value] of kwargs) this.#options.push({ name: key, value })
          return null
        })
      case 'add_argument_group':
      case 'add_mutually_exclusive_group':
        return hostFunction(name, () => this)
      // without options there is no command either
      case 'add_subparsers':
        return hostFunction(name, (call) => {
          const dest = new Arguments(call, 'title').optionalText('dest')
          if (dest !== undefined) this.#options.push({ name: dest, value: null })
          return new Commands(this.#recorder)
        })
      case 'parse_args':
        return hostFunction(name, () => this.#parsed())
      case 'parse_known_args':
        return hostFunction(name, () => new Tuple([this.#parsed(), new Tuple([])]))
      case 'print_help':
      case 'print_usage':
        return hostFunction(name, () => null)
      case 'error':
        return hostFunction(name, ({ vm, args }) => vm.raise('SystemExit', vm.shown(args[0] ?? '')))
      default:
        return undefined
    }
  }

  #parsed(): Given {
    this.#recorder.note?.(withoutOptions)
    return new Given(this.#options)
  }
}

/** `add_subparsers()` */
class Commands extends HostObject {
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    super('the commands')
    this.#recorder = recorder
  }

  override get(name: string): Value | undefined {
    return name === 'add_parser' ? hostFunction(name, () => new Parser(this.#recorder)) : undefined
  }
}

/** `argparse.Namespace` */
class Given extends HostObject {
  readonly #options: readonly Option[]

  constructor(options: readonly Option[]) {
    super('the command line')
    this.#options = options
  }

  override get(name: string, vm: Interpreter, at: Span): Value {
    const found = this.#options.findLast((option) => option.name === name)
    return found ? found.value : vm.unknown(`the option ${name} of the command line`, at)
  }
}

function optionOf(call: Call, recorder: Recorder): Option {
  const { vm, at, kwargs } = call
  const flags = call.args.map((value) => textOf(vm, value, 'an option'))
  const given = new Arguments({ ...call, args: [] })
  const isPositional = !flags.some((flag) => flag.startsWith('-'))
  const long = flags.find((flag) => flag.startsWith('--')) ?? flags[0] ?? ''
  const name = given.optionalText('dest') ?? long.replace(/^-+/, '').replaceAll('-', '_')
  const fallback = kwargs.get('default')
  if (fallback !== undefined) return { name, value: typed(call, fallback) }
  const action = given.optionalText('action')
  if (action === 'store_true') return { name, value: false }
  if (action === 'store_false') return { name, value: true }
  const needed = isPositional ? !['?', '*'].includes(countOf(call)) : kwargs.get('required') === true
  if (!needed) return { name, value: null }
  if (/(?:^|_)(?:url|uri|dsn)$/i.test(name)) return { name, value: urlText(recorder) }
  // a path that is needed is the way to the database
  if (databaseFile.test(name)) return { name, value: name }
  return { name, value: vm.unknown(`the option ${name} of the command line, which has no default`, at) }
}

function countOf({ vm, kwargs }: Call): string {
  const count = vm.resolve(kwargs.get('nargs') ?? null)
  return typeof count === 'string' ? count : ''
}

/** Only a default that is written as text goes through `type`. */
function typed({ vm, at, kwargs }: Call, value: Value): Value {
  const type = kwargs.get('type')
  return type !== undefined && typeof vm.resolve(value) === 'string' ? vm.invoke(type, [value], new Map(), at) : value
}

export function commandLine(_vm: Interpreter, recorder: Recorder): Names {
  return {
    ArgumentParser: hostFunction('ArgumentParser', () => new Parser(recorder)),
    ...Object.fromEntries(
      ['RawDescriptionHelpFormatter', 'ArgumentDefaultsHelpFormatter', 'RawTextHelpFormatter'].map((name) => [
        name,
        null,
      ]),
    ),
  }
}
