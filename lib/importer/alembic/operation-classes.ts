import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Kwargs, Value } from '../../python/values.ts'
import type { Call } from '../host-function.ts'
import { directiveNamed } from './directives.ts'
import { effect } from './effect.ts'
import type { Signature } from './signature.ts'

/** Who runs an operation: `op`, or a batch that keeps it for its end. */
export interface Performer extends HostObject {
  perform(name: string, call: Call, signature?: Signature): Value
}

/** A class of `alembic.operations.ops`, by the directive that it is the operation of. */
export class OperationClass extends HostObject {
  readonly directive: string
  readonly #signature: Signature | undefined

  constructor(label: string, directive: string, signature?: Signature) {
    super(label)
    this.directive = directive
    this.#signature = signature
  }

  override call(args: readonly Value[], kwargs: Kwargs): Value {
    return new PendingOperation(this, args, kwargs, this.#signature)
  }

  /** `CreateTableOp.create_table(operations, …)`: the directive by its long name. */
  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    if (name !== this.directive) return undefined
    return effect(name, ({ args: [operations = null, ...args], kwargs }) =>
      vm.invoke(vm.attribute(operations, name, at), args, kwargs, at),
    )
  }
}

/** An operation as an object: it takes effect where it is invoked. */
export class PendingOperation extends HostObject {
  readonly cls: OperationClass
  readonly #args: readonly Value[]
  readonly #kwargs: Kwargs
  readonly #signature: Signature | undefined

  constructor(cls: OperationClass, args: readonly Value[], kwargs: Kwargs, signature: Signature | undefined) {
    super(`a ${cls.label}`)
    this.cls = cls
    this.#args = args
    this.#kwargs = kwargs
    this.#signature = signature
  }

  /** What it was made with, as an attribute. */
  override get(name: string): Value | undefined {
    const parameters = this.#signature ?? directiveNamed(this.cls.directive)?.signature ?? []
    const at = parameters.findIndex((parameter) => parameter.split('|').includes(name))
    return this.#kwargs.get(name) ?? (at < 0 ? undefined : this.#args[at])
  }

  run(by: Performer, vm: Interpreter, at: Span): Value {
    const { directive } = this.cls
    if (directiveNamed(directive))
      return by.perform(directive, { args: this.#args, kwargs: this.#kwargs, vm, at }, this.#signature)
    return vm.invoke(vm.attribute(by, directive, at), this.#args, this.#kwargs, at)
  }
}

const listed = ['table_name', 'columns', 'schema', 'if_not_exists', '_namespace_metadata', '_constraints_included']
const ofTable = ['comment', 'prefixes', 'info', 'listeners', 'autoload', 'autoload_with', 'include_columns', '**']
const altered = [
  ...['table_name', 'column_name', 'schema', 'existing_type', 'existing_server_default', 'existing_nullable'],
  ...['existing_comment', 'nullable|modify_nullable', 'comment|modify_comment'],
  ...['server_default|modify_server_default', 'new_column_name|modify_name', 'type_|modify_type'],
  ...['autoincrement|modify_autoincrement', 'existing_autoincrement', 'insert_before', 'insert_after', '**ignored'],
]
const excluded = [
  ...['constraint_name', 'table_name', 'elements', 'where', 'schema', '_orig_constraint', 'using', 'ops'],
  ...['deferrable', 'initially', '**'],
]

/** `alembic.operations.ops` */
export const operationClasses: Readonly<Record<string, OperationClass>> = Object.fromEntries(
  [
    new OperationClass('CreateTableOp', 'create_table', [...listed, ...ofTable]),
    new OperationClass('DropTableOp', 'drop_table'),
    new OperationClass('RenameTableOp', 'rename_table'),
    new OperationClass('CreateTableCommentOp', 'create_table_comment', [
      'table_name',
      'comment',
      'schema',
      'existing_comment',
    ]),
    new OperationClass('DropTableCommentOp', 'drop_table_comment', ['table_name', 'schema', 'existing_comment']),
    new OperationClass('AddColumnOp', 'add_column'),
    new OperationClass('DropColumnOp', 'drop_column'),
    new OperationClass('AlterColumnOp', 'alter_column', altered),
    new OperationClass('CreateIndexOp', 'create_index'),
    new OperationClass('DropIndexOp', 'drop_index'),
    new OperationClass('CreatePrimaryKeyOp', 'create_primary_key'),
    new OperationClass('CreateUniqueConstraintOp', 'create_unique_constraint'),
    new OperationClass('CreateForeignKeyOp', 'create_foreign_key'),
    new OperationClass('CreateCheckConstraintOp', 'create_check_constraint'),
    new OperationClass('CreateExcludeConstraintOp', 'create_exclude_constraint', excluded),
    new OperationClass('DropConstraintOp', 'drop_constraint'),
    new OperationClass('BulkInsertOp', 'bulk_insert'),
    new OperationClass('ExecuteSQLOp', 'execute'),
  ].map((cls) => [cls.label, cls]),
)
