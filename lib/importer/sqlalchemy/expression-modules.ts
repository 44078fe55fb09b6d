import { textOf } from '../arguments.ts'
import { hostFunction } from '../host-function.ts'
import type { ModuleParts } from '../modules.ts'
import { SaStatement } from './sa-statement.ts'
export const expressionModules: ModuleParts = {
  sqlalchemy: () => ({
    text: hostFunction(
      'text',
      ({ vm, args }) => new SaStatement({ kind: 'text', sql: textOf(vm, args[0]!, 'the SQL') }),
    ),
  }),
}
