import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { Arguments } from '../arguments.ts'
import { hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'

/** Options that Alembic has itself (Alembic documentation, "Editing the .ini File"): what they say is not known. */
const own =
  `script_location file_template timezone truncate_slug_length revision_environment sourceless version_locations
version_path_separator path_separator output_encoding sqlalchemy.url prepend_sys_path recursive_version_locations`.split(
    /\s+/,
  )

/** `context.config`, `op.get_context().config`: alembic.ini and the command line, of which only the scripts are here. */
export class Config extends HostObject {
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    super('context.config')
    this.#recorder = recorder
  }

  override get(name: string, vm: Interpreter, at: Span): Value {
    if (name === 'print_stdout') return hostFunction(name, () => null)
    if (name === 'get_main_option')
      return hostFunction(name, (call) => {
        const given = new Arguments(call, 'name', 'default')
        const option = given.text('name')
        if (own.includes(option)) return vm.unknown(`the option ${option} of alembic.ini`, call.at)
        // an option of the application's own: without it the script has a default
        this.#recorder.note?.(`taken as not set: the option ${option} of alembic.ini`)
        return given.value('default') ?? null
      })
    const isMethod = ['get_section', 'get_section_option', 'get_alembic_option'].includes(name)
    if (!isMethod) return vm.unknown(`context.config.${name}`, at)
    return hostFunction(name, (call) => {
      const named = call.args.filter((arg) => typeof arg === 'string').join('.')
      return vm.unknown(`the option ${named} of alembic.ini`, call.at)
    })
  }
}
