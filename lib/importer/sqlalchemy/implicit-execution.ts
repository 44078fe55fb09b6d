import type { HostObject } from '../../python/host.ts'
import { effectFunction } from '../effect-function.ts'
import type { Call } from '../host-function.ts'
import { unreadable } from '../unreadable.ts'
import { type Given, parametersFrom } from './bind.ts'
import type { StatementData } from './sa-statement.ts'

/**
 * `table.insert().execute(a=1)`: before SQLAlchemy 2.0 a statement ran by itself, on what its MetaData was bound to.
 * @param read the statement with the values that it is handed, if there are any
 */
export function executeMethod(read: (call: Call, given: Given | undefined) => StatementData): HostObject {
  return effectFunction('execute', (call, recorder) => {
    const { vm, args, kwargs, at } = call
    const isPlain = args.length + kwargs.size === 0
    const data = read(call, isPlain ? undefined : parametersFrom(vm, args, kwargs))
    if (data.kind !== 'operation') return unreadable('a statement is executed without a connection')
    recorder.perform(vm, data.operation, at)
    return vm.unknown('what a statement gave back', at)
  })
}
