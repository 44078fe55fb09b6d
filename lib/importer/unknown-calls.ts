import type { Site } from '../python/host.ts'
import type { Interpreter } from '../python/interpreter.ts'
import type { Kwargs, Unknown, Value } from '../python/values.ts'
import { reachesDatabase } from './database-handle.ts'

/** Pure parts of the standard library that are not evaluated. */
const standard =
  /^from (random|secrets|math|hashlib|zlib|textwrap|string|unicodedata|decimal|fractions|statistics) import /

/** Whether a call of something unknown may change the database. */
export function mayChange(
  vm: Interpreter,
  callee: Unknown,
  args: readonly Value[],
  kwargs: Kwargs,
  { node }: Site,
): boolean {
  const handed = [...args, ...kwargs.values(), ...callee.carries]
  if (runsAnything(callee)) return true
  if (standard.test(callee.reason)) return false
  if (handed.some((value) => reachesDatabase(value))) return true
  if (vm.frames.some(({ name, module }) => name === '<module>' && (module !== vm.main || !vm.startedByHand)))
    return false
  const source = vm.currentModule.node?.source ?? ''
  const before = source.slice(source.lastIndexOf('\n', node.start - 1) + 1, node.start)
  return actsByItself(callee, before, source.slice(node.start, node.end))
}

/** Code made at run time, and other programs, may do anything. */
function runsAnything({ reason }: Unknown): boolean {
  return (
    /^(?:exec|eval|compile)\(\) is not run/.test(reason) ||
    /^(?:subprocess|os\.(?:system|popen|exec|spawn)|runpy|importlib)\b/.test(reason)
  )
}

/** What is the application's, or was handed to the migration by its tool: it may well reach the database on its own. */
const applications =
  /^(?:from (?!typing|logging|click|rich|tqdm|structlog|loguru|colorama|dotenv|argparse|datetime|time\b|pprint|warnings|textwrap|shutil|tempfile|traceback|threading|concurrent)\S+ import \w+|the argument \w+ of \w+\(\))$/
/** Methods and functions that tell people something. */
const telling =
  /^(?:_?log\w*|info|debug|warn|warning|error|critical|exception|print\w*|echo|secho|write|writelines|flush|set_description|update_progress|append|extend|add_argument|setLevel|basicConfig|getLogger|sleep|close|start|stop|shutdown|notify|emit|send|setup_?logging|configure_?logging|init_?logging|load_dotenv|filterwarnings|simplefilter)$/
/** What a function does that changes something, as its name says. */
const changing =
  /^(?:create|insert|update|delete|remove|save|bulk|execute|run|migrate|apply|drop|add|set|populate|backfill|seed|truncate|get_or_create|upsert|put|write|sync|fix|convert|rename|move|copy|import|purge|reset|rebuild|ensure|register|fill)(?:_|$)/

/**
 * A call whose value nobody uses is there for what it does; one whose value is used only reads, unless its name says that
 * it changes something.
 */
function actsByItself({ reason }: Unknown, before: string, call: string): boolean {
  if (!applications.test(reason)) return false
  const name = calledName(call)
  if (telling.test(name)) return false
  const isConstructor = /^[A-Z]\w*$/.test(name) && !reason.startsWith('the argument')
  if (/^\s*(?:await\s+)?@?$/.test(before)) return !isConstructor
  return changing.test(name)
}

/** The name in front of the last parentheses: `execute` of `Model.update(a=1).execute()`. */
function calledName(call: string): string {
  if (!call.endsWith(')')) return /(\w+)\s*$/.exec(call)?.[1] ?? ''
  let depth = 0
  for (let at = call.length - 1; at >= 0; at--) {
    if (')]}'.includes(call[at]!)) depth++
    else if ('([{'.includes(call[at]!) && --depth === 0) return /(\w*)\s*$/.exec(call.slice(0, at))?.[1] ?? ''
  }
  return ''
}
