import type { Interpreter } from '../interpreter.ts'
import { plain } from '../operators.ts'
import { type Builtin, Dict, List, Tuple, Unknown, type Value } from '../values.ts'
import { type Definitions, type Modules, native } from './define.ts'

/** Pure functions on path texts. */
function path(vm: Interpreter): Definitions {
  const of = (name: string, run: (...parts: string[]) => Value): [string, Builtin] => [
    name,
    native(name, (args, _kwargs, node) => {
      const parts = args.map(plain)
      const unknown = parts.find((part) => part instanceof Unknown)
      if (unknown instanceof Unknown) return unknown
      return parts.every((part) => typeof part === 'string')
        ? run(...(parts as string[]))
        : vm.unknown(`os.path.${name}`, node)
    }),
  ]
  const joined = (...parts: string[]): string =>
    parts.reduce((made, part) =>
      part.startsWith('/') || made === '' ? part : made.endsWith('/') ? made + part : `${made}/${part}`,
    )
  return {
    attrs: {
      sep: '/',
      ...Object.fromEntries([
        of('join', joined),
        of('basename', (text) => text.slice(text.lastIndexOf('/') + 1)),
        of('dirname', (text) => text.slice(0, Math.max(0, text.lastIndexOf('/'))) || (text.startsWith('/') ? '/' : '')),
        of(
          'split',
          (text) =>
            new Tuple([text.slice(0, Math.max(0, text.lastIndexOf('/'))), text.slice(text.lastIndexOf('/') + 1)]),
        ),
        of('splitext', (text) => {
          const found = /^(.*[^/])(\.[^./]*)$/.exec(text)
          return new Tuple(found ? [found[1]!, found[2]!] : [text, ''])
        }),
        of('normpath', (text) => text),
        of('isabs', (text) => text.startsWith('/')),
      ]),
    },
  }
}

/** The environment, the file system and the machine are not looked at. */
function os(vm: Interpreter): Definitions {
  const environment = vm.unknown('the environment')
  return {
    attrs: {
      environ: environment,
      getenv: native('getenv', (_args, _kwargs, node) => vm.unknown('the environment', node)),
      path: vm.module('os.path', path(vm).attrs),
      sep: '/',
      linesep: '\n',
      name: 'posix',
    },
  }
}

function sys(vm: Interpreter): Definitions {
  return {
    attrs: {
      exit: native('exit', (args) => vm.raise('SystemExit', args.length > 0 ? vm.shown(args[0]!) : '')),
      path: new List(),
      modules: new Dict(),
      version_info: new Tuple([3n, 11n, 0n, 'final', 0n]),
      maxsize: 9223372036854775807n,
      // what a script is told by hand is not known; without anything it does what it is there for
      argv: new List([vm.main.name]),
      stdout: vm.unknown('the standard output'),
      stderr: vm.unknown('the standard error'),
    },
  }
}

export const outsideModules: Modules = { os, sys, 'os.path': path }
