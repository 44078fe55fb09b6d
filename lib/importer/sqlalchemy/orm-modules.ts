import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { PyClass, PyModule, type Value } from '../../python/values.ts'
import { Arguments, known } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { ModuleParts, Names } from '../modules.ts'
import type { Recorder } from '../recorder.ts'
import { remember } from '../recorder-of.ts'
import { columnCall } from './column-call.ts'
import { DeclaredAttr, ModelBase } from './declarative.ts'
import { packageTypeModules } from './package-types.ts'
import { SaClass } from './sa-class.ts'
import { SaMetaData } from './sa-metadata.ts'
import { SaColumn } from './sa-table.ts'
import { NoColumn, SqlmodelField } from './sqlmodel-field.ts'
import { tableCall } from './table-call.ts'

/** Declarative classes: what `sqlalchemy.orm`, SQLModel and Flask-SQLAlchemy have for them. */

/** Attributes of a class that are no columns. */
const nothing = (name: string): SaClass => new SaClass(name, () => new NoColumn(`a ${name}`))

/** `@hybrid_property` and `@validates('x')`: functions of the class, no columns. */
const hybrid: Names = { hybrid_property: nothing('hybrid_property'), hybrid_method: nothing('hybrid_method') }
const decorator = (name: string) => hostFunction(name, () => hostFunction(name, ({ args }) => args[0]))

/** `column_property(Column(…))` is that column. */
const wrapped = (name: string): SaClass =>
  new SaClass(name, ({ args, vm }) => {
    const value = args[0] === undefined ? null : vm.resolve(args[0])
    return value instanceof SaColumn ? value : new NoColumn(`a ${name}`)
  })

function baseCall(call: Call): Value {
  const given = new Arguments(call, 'bind', 'metadata', 'mapper', 'cls', 'name', 'constructor', 'class_registry')
  const metadata = given.given('metadata')
  const cls = given.given('cls')
  if (metadata !== undefined) known(call.vm, metadata)
  return new ModelBase(
    'declarative',
    metadata instanceof SaMetaData ? metadata : new SaMetaData(),
    cls instanceof PyClass ? cls : undefined,
  )
}

/** `registry()`, whose `generate_base()` is a base class. */
class Registry extends HostObject {
  readonly #metadata: SaMetaData

  constructor(metadata: SaMetaData) {
    super('a registry')
    this.#metadata = metadata
  }

  override get(name: string): Value | undefined {
    if (name === 'metadata') return this.#metadata
    if (name === 'generate_base') return hostFunction(name, () => new ModelBase('declarative', this.#metadata))
    return undefined
  }
}

const registry = new SaClass('registry', (call) => {
  const metadata = new Arguments(call, '*', 'metadata').given('metadata')
  return new Registry(metadata instanceof SaMetaData ? metadata : new SaMetaData())
})

class DeclaredAttrClass extends SaClass {
  override get(name: string): Value | undefined {
    return ['cascading', 'directive'].includes(name) ? this : super.get(name)
  }
}

const declaredAttr = new DeclaredAttrClass('declared_attr', ({ args }) => new DeclaredAttr(args[0] ?? null))

const orm: Names = {
  DeclarativeBase: new ModelBase('declarative'),
  DeclarativeBaseNoMeta: new ModelBase('declarative'),
  declarative_base: hostFunction('declarative_base', baseCall),
  declared_attr: declaredAttr,
  registry,
  mapped_column: new SaClass('mapped_column', (call) => columnCall(call, true)),
  relationship: nothing('relationship'),
  relation: nothing('relation'),
  backref: nothing('backref'),
  synonym: nothing('synonym'),
  dynamic_loader: nothing('dynamic_loader'),
  query_expression: nothing('query_expression'),
  composite: nothing('composite'),
  validates: decorator('validates'),
  column_property: wrapped('column_property'),
  deferred: wrapped('deferred'),
}

/** `@as_declarative()` makes the class that it stands at the base. */
const asDeclarative = hostFunction('as_declarative', (given) => {
  const metadata = new Arguments(given, '*', 'metadata').given('metadata')
  return hostFunction('as_declarative', ({ args: [cls] }) => {
    const own = metadata instanceof SaMetaData ? metadata : new SaMetaData()
    return new ModelBase('declarative', own, cls instanceof PyClass ? cls : undefined)
  })
})

const declarativeNames: Names = {
  declarative_base: orm.declarative_base!,
  as_declarative: asDeclarative,
  declared_attr: declaredAttr,
  DeclarativeMeta: new NoColumn('a DeclarativeMeta'),
}

const sqlmodelBases = new WeakMap<Interpreter, ModelBase>()

/** SQLModel hands on most names of SQLAlchemy. */
function sqlmodel(vm: Interpreter): Names {
  const base = sqlmodelBases.get(vm) ?? new ModelBase('sqlmodel', new SaMetaData())
  sqlmodelBases.set(vm, base)
  const sa = vm.host.resolveModule('sqlalchemy', '')
  const handedOn = sa instanceof PyModule ? [...sa.map].map(([name, { value }]) => [String(name), value] as const) : []
  return {
    ...Object.fromEntries(handedOn),
    AutoString: packageTypeModules['sqlmodel.sql.sqltypes']!.AutoString!,
    SQLModel: base,
    Field: new SaClass('Field', (call) => new SqlmodelField(call)),
    Relationship: nothing('Relationship'),
  }
}

/** `db = SQLAlchemy(app)`: all of SQLAlchemy's names, and a base class of its own. */
class FlaskDb extends HostObject {
  readonly #metadata: SaMetaData
  readonly #model: ModelBase

  constructor(metadata: SaMetaData) {
    super('Flask-SQLAlchemy’s db')
    this.#metadata = metadata
    this.#model = new ModelBase('flask', metadata)
  }

  override get(name: string, vm: Interpreter): Value | undefined {
    switch (name) {
      case 'Model':
        return this.#model
      case 'metadata':
        return this.#metadata
      case 'create_all':
      case 'drop_all':
        return this.#metadata.get(name, vm, vm.node)
      case 'Table':
        return hostFunction(name, (call) => tableCall(call, this.#metadata))
      default:
        return commonName(vm, name)
    }
  }
}

const commonModules = ['sqlalchemy', 'sqlalchemy.orm']

function commonName(vm: Interpreter, name: string): Value | undefined {
  for (const module of commonModules) {
    const found = vm.host.resolveModule(module, '')
    const entry = found instanceof PyModule ? found.map.get(name) : undefined
    if (entry) return entry.value
  }
  return undefined
}

const flask: Names = {
  SQLAlchemy: new SaClass('SQLAlchemy', (call) => {
    const metadata = new Arguments(call, 'app', '*', 'metadata').given('metadata')
    return new FlaskDb(metadata instanceof SaMetaData ? metadata : new SaMetaData())
  }),
}

const modules: Readonly<Record<string, (vm: Interpreter) => Names>> = {
  'sqlalchemy.orm': () => orm,
  'sqlalchemy.orm.decl_api': () => declarativeNames,
  'sqlalchemy.ext.declarative': () => declarativeNames,
  'sqlalchemy.ext.declarative.api': () => declarativeNames,
  'sqlalchemy.ext.hybrid': () => hybrid,
  'sqlalchemy.ext.associationproxy': () => ({ association_proxy: nothing('association_proxy') }),
  sqlmodel,
  'sqlmodel.main': sqlmodel,
  flask_sqlalchemy: () => flask,
}

export const ormModules: ModuleParts = Object.fromEntries(
  Object.entries(modules).map(([name, names]) => [
    name,
    (vm: Interpreter, recorder: Recorder) => {
      remember(vm, recorder)
      return names(vm)
    },
  ]),
)
