import type { Interpreter } from './interpreter.ts'
import { Instance, PyClass, Tuple, type Value } from './values.ts'

/** The built-in exceptions, each with its base. */
const tree = `BaseException>Exception BaseException>SystemExit BaseException>KeyboardInterrupt BaseException>GeneratorExit
Exception>StopIteration Exception>StopAsyncIteration Exception>ArithmeticError ArithmeticError>ZeroDivisionError
ArithmeticError>OverflowError ArithmeticError>FloatingPointError Exception>AssertionError Exception>AttributeError
Exception>BufferError Exception>EOFError Exception>ImportError ImportError>ModuleNotFoundError Exception>LookupError
LookupError>IndexError LookupError>KeyError Exception>MemoryError Exception>NameError NameError>UnboundLocalError
Exception>OSError OSError>FileNotFoundError OSError>PermissionError OSError>FileExistsError OSError>TimeoutError
OSError>ConnectionError OSError>NotADirectoryError OSError>IsADirectoryError Exception>ReferenceError
Exception>RuntimeError RuntimeError>NotImplementedError RuntimeError>RecursionError Exception>SyntaxError
Exception>TypeError Exception>ValueError ValueError>UnicodeError UnicodeError>UnicodeDecodeError
UnicodeError>UnicodeEncodeError Exception>Warning Warning>DeprecationWarning Warning>UserWarning
Warning>RuntimeWarning Warning>FutureWarning Warning>ImportWarning Warning>PendingDeprecationWarning
Warning>ResourceWarning Warning>SyntaxWarning Exception>ExceptionGroup`

/** Classes are values that scripts could change, but the built-in ones refuse it, so all interpreters share them. */
const classes = new Map<string, PyClass>()

function build(): void {
  const base = new PyClass('BaseException', [])
  classes.set(base.name, base)
  for (const pair of tree.split(/\s+/)) {
    const [parent, name] = pair.split('>') as [string, string]
    classes.set(name, new PyClass(name, [classes.get(parent)!]))
  }
  for (const cls of classes.values()) cls.make = (made, args) => fill(new Instance(made), args)
  classes.set('IOError', classes.get('OSError')!)
  classes.set('EnvironmentError', classes.get('OSError')!)
}

build()

function fill(exc: Instance, args: readonly Value[]): Instance {
  set(exc, 'args', new Tuple(args))
  set(exc, '__cause__', null)
  set(exc, '__context__', null)
  if (exc.cls.mro.includes(classes.get('SystemExit')!)) set(exc, 'code', args[0] ?? null)
  return exc
}

function set(exc: Instance, name: string, value: Value): void {
  exc.map.set(name, { key: name, value })
}

export function builtinExceptions(): ReadonlyMap<string, PyClass> {
  return classes
}

/** The built-in class of this name; a name that is none is a plain Exception of that name. */
export function exceptionClass(name: string): PyClass {
  const found = classes.get(name)
  if (found) return found
  const made = new PyClass(name, [classes.get('Exception')!])
  made.make = (cls, args) => fill(new Instance(cls), args)
  return made
}

export function makeException(
  cls: PyClass,
  args: readonly Value[],
  attrs: Readonly<Record<string, Value>> = {},
): Instance {
  const exc = fill(new Instance(cls), args)
  for (const [name, value] of Object.entries(attrs)) set(exc, name, value)
  return exc
}

export function isException(value: Value): value is Instance & { readonly exception?: true } {
  return value instanceof Instance && value.cls.mro.some((cls) => cls.name === 'BaseException')
}

/** What `str(exc)` gives. */
export function messageOf(vm: Interpreter, exc: Instance): string {
  const args = exc.map.get('args')?.value
  if (!(args instanceof Tuple) || args.items.length === 0) return ''
  const shown =
    args.items.length === 1
      ? vm.text(args.items[0]!, exc.cls.name === 'KeyError' ? 'repr' : 'str')
      : vm.text(args, 'str')
  return typeof shown === 'string' ? shown : '…'
}
