import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Kwargs, Value } from '../../python/values.ts'
import { Arguments, boolOf } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { ModuleParts } from '../modules.ts'
import type { Recorder } from '../recorder.ts'
import { Unreadable, unreadable } from '../unreadable.ts'

type Kind = 'PGFunction' | 'PGProcedure' | 'PGView' | 'PGMaterializedView' | 'PGExtension' | 'PGTrigger' | 'PGPolicy'

interface Parts {
  readonly schema: string
  readonly signature: string
  readonly definition: string
  readonly onEntity: string
  readonly isConstraint: boolean
  readonly withData: boolean
}

/** An entity of the package alembic_utils: a function, a view, a trigger, whose SQL is in the script. */
class Entity extends HostObject {
  readonly entity: Kind
  readonly parts: Parts

  constructor(entity: Kind, parts: Parts) {
    super(`the ${entity} ${parts.signature}`)
    this.entity = entity
    this.parts = parts
  }

  override get(name: string): Value | undefined {
    if (name === 'schema' || name === 'signature' || name === 'definition') return this.parts[name]
    return name === 'on_entity' ? this.parts.onEntity : undefined
  }
}

function entityOf(entity: Kind, call: Call): Entity {
  const last = entity === 'PGMaterializedView' ? ['with_data'] : ['on_entity', 'is_constraint']
  const args = new Arguments(call, 'schema', 'signature', 'definition', ...last)
  return new Entity(entity, {
    schema: unquoted(args.text('schema')),
    signature: unquoted(args.text('signature')),
    definition: (args.optionalText('definition') ?? '').trim().replace(/[;\s]+$/, ''),
    onEntity: unquoted(args.optionalText('on_entity') ?? ''),
    isConstraint: args.bool('is_constraint') ?? false,
    withData: args.bool('with_data') ?? true,
  })
}

function unquoted(name: string): string {
  return name.trim().replace(/\s+/g, ' ').replaceAll('"', '')
}

const isNamed = ['create_entity', 'drop_entity', 'replace_entity', 'revert_entity']

/** `op.create_entity(…)` and its kin, which alembic_utils adds to `op`. */
export function entityDirective(name: string): ((recorder: Recorder, call: Call) => Value) | undefined {
  return isNamed.includes(name) ? (recorder, call) => run(name, recorder, call) : undefined
}

function run(name: string, recorder: Recorder, call: Call): Value {
  const { vm, at } = call
  try {
    for (const sql of statementsFor(name, recorder, call)) recorder.perform(vm, { kind: 'execute', sql, raw: true }, at)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    recorder.todo(vm, `op.${name}: ${error.message}`, at, [])
  }
  return null
}

function statementsFor(name: string, { target }: Recorder, { vm, args: [given = null, cascade], kwargs }: Call) {
  const entity = vm.resolve(given)
  if (!(entity instanceof Entity)) return unreadable('the entity is not known')
  if (target.dialect !== 'postgres') return unreadable(`${entity.label} is for PostgreSQL`)
  const forms = formsOf(entity.entity, entity.parts)
  if (name === 'create_entity') return [forms.create]
  if (name === 'drop_entity') return [forms.drop + cascadeIn(vm, cascade ?? kwargs.get('cascade'))]
  return forms.replace
}

function cascadeIn(vm: Interpreter, value: Value | undefined): string {
  return value !== undefined && boolOf(vm, value, 'cascade') ? ' CASCADE' : ''
}

interface Forms {
  readonly create: string
  readonly drop: string
  readonly replace: readonly string[]
}

function formsOf(entity: Kind, parts: Parts): Forms {
  switch (entity) {
    case 'PGFunction':
    case 'PGProcedure':
      return functionForms(entity === 'PGFunction' ? 'FUNCTION' : 'PROCEDURE', parts)
    case 'PGView':
      return viewForms(parts)
    case 'PGMaterializedView':
      return materializedForms(parts)
    case 'PGExtension':
      return extensionForms(parts)
    case 'PGTrigger':
      return triggerForms(parts)
    case 'PGPolicy':
      return policyForms(parts)
  }
}

function qualified({ schema, signature }: Parts): string {
  return `${quotedSchema(schema)}."${signature}"`
}

function quotedSchema(schema: string): string {
  return schema
    .split('.')
    .map((part) => `"${part}"`)
    .join('.')
}

function functionForms(word: string, { schema, signature, definition }: Parts): Forms {
  const open = signature.indexOf('(')
  if (open < 0) return unreadable(`the signature ${signature} has no parentheses`)
  const name = `${quotedSchema(schema)}."${signature.slice(0, open).trim()}"`
  const rest = signature.slice(open)
  const close = rest.lastIndexOf(')')
  const types = rest
    .slice(1, close)
    .split(',')
    .map((parameter) => parameter.replace(/\bdefault\b[\s\S]*$/i, '').trim())
  // its migrations hold the body with colons escaped for sa.text
  const body = /language\s+'?plpgsql/i.test(definition) ? definition.replaceAll('\\:', ':') : definition
  return {
    create: `CREATE ${word} ${name}${rest} ${body}`,
    drop: `DROP ${word} ${name}(${types.join(', ')})`,
    replace: [`CREATE OR REPLACE ${word} ${name}${rest} ${body}`],
  }
}

/** Where the columns changed a view cannot be replaced, and is made anew. */
function viewForms(parts: Parts): Forms {
  const name = qualified(parts)
  const as = `VIEW ${name} AS ${parts.definition.replaceAll('\\:', ':')}`
  const replace = [
    'DO $sqlmig$',
    'BEGIN',
    `  CREATE OR REPLACE ${as};`,
    'EXCEPTION WHEN OTHERS THEN',
    `  DROP VIEW IF EXISTS ${name};`,
    `  CREATE ${as};`,
    'END;',
    '$sqlmig$',
  ]
  return { create: `CREATE ${as}`, drop: `DROP VIEW ${name}`, replace: [replace.join('\n')] }
}

function materializedForms(parts: Parts): Forms {
  const name = qualified(parts)
  const body = parts.definition.replaceAll('\\:', ':')
  const create = `CREATE MATERIALIZED VIEW ${name} AS ${body} WITH ${parts.withData ? '' : 'NO '}DATA`
  return {
    create,
    drop: `DROP MATERIALIZED VIEW ${name}`,
    replace: [`DROP MATERIALIZED VIEW IF EXISTS ${name}`, create],
  }
}

function extensionForms({ schema, signature }: Parts): Forms {
  return {
    create: `CREATE EXTENSION "${signature}" WITH SCHEMA ${quotedSchema(schema)}`,
    drop: `DROP EXTENSION "${signature}"`,
    replace: [`ALTER EXTENSION "${signature}" SET SCHEMA ${quotedSchema(schema)}`],
  }
}

function triggerForms({ schema, signature, definition, onEntity, isConstraint }: Parts): Forms {
  const match = /^([\s\S]*?)\sON\s+(\S+)\s+([\s\S]*)$/i.exec(definition)
  if (!match) return unreadable(`the definition of the trigger ${signature} has no table`)
  const [, event, table, action] = match as unknown as [string, string, string, string]
  const on = `${schema}.${table.slice(table.indexOf('.') + 1)}`
  const create = `CREATE ${isConstraint ? 'CONSTRAINT ' : ''}TRIGGER "${signature}" ${event.trim()} ON ${on} ${action}`
  return {
    create,
    drop: `DROP TRIGGER "${signature}" ON ${onEntity}`,
    replace: [`DROP TRIGGER IF EXISTS "${signature}" ON ${onEntity}`, create],
  }
}

function policyForms({ signature, definition, onEntity }: Parts): Forms {
  const create = `CREATE POLICY ${signature} ON ${onEntity} ${definition}`
  return {
    create,
    drop: `DROP POLICY ${signature} ON ${onEntity}`,
    replace: [`DROP POLICY IF EXISTS ${signature} ON ${onEntity}`, create],
  }
}

class EntityClass extends HostObject {
  override call(args: readonly Value[], kwargs: Kwargs, vm: Interpreter, at: Call['at']): Value | undefined {
    const make = hostFunction(this.label, (call) => entityOf(this.label as Kind, call))
    return make.call(args, kwargs, vm, at)
  }
}

const modules: Readonly<Record<Kind, string>> = {
  PGFunction: 'pg_function',
  PGProcedure: 'pg_procedure',
  PGView: 'pg_view',
  PGMaterializedView: 'pg_materialized_view',
  PGExtension: 'pg_extension',
  PGTrigger: 'pg_trigger',
  PGPolicy: 'pg_policy',
}

export const entityModules: ModuleParts = Object.fromEntries(
  Object.entries(modules).map(([entity, module]) => [
    `alembic_utils.${module}`,
    () => ({ [entity]: new EntityClass(entity) }),
  ]),
)
