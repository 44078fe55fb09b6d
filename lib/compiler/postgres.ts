import { indexToDrop } from '../schema/change-indexes.ts'
import { enumsOf } from '../schema/enum-types.ts'
import type {
  AlterColumn,
  ColumnDefault,
  CommentTable,
  CreateEnum,
  CreateSequence,
  CreateTable,
  DropEnum,
  DropIndex,
  DropSequence,
} from '../schema/operation.ts'
import { typeCheck, withFinalName } from '../schema/resolve.ts'
import type {
  Check,
  Column,
  Constraint,
  EnumType,
  Exclude as ExcludeConstraint,
  ForeignKey,
  Identity,
  Index,
  OptionValue,
  Schema,
  Table,
  TableName,
} from '../schema/table.ts'
import { findTable, plainName, tableKey } from '../schema/table.ts'
import { type TypeSpec, typeFamily, typeOn } from '../schema/type-spec.ts'
import { unknowable } from '../schema/unknowable.ts'
import { Compiler } from './base.ts'
import { quoteString } from './literal.ts'
import { quoteType } from './quote.ts'
import { identityText, sequenceOptions } from './sequence-options.ts'
import { renderType } from './type-names.ts'

/** PostgresqlImpl and PGDDLCompiler (alembic/ddl/postgresql.py, sqlalchemy/dialects/postgresql/base.py). */
export class PostgresCompiler extends Compiler {
  readonly dialect = 'postgres'

  protected with(schema: Schema): Compiler {
    return new PostgresCompiler(schema, this.target)
  }

  protected override createTable(operation: CreateTable): readonly string[] {
    const types = enumsOf(operation.table.columns.map((c) => c.type))
    const domain = operation.table.columns.find((c) => c.type.kind === 'DOMAIN' && c.type.args?.createType !== false)
    if (domain) return unknowable(`the DOMAIN of ${domain.name} is made by the way, which is not supported`)
    return [...types.filter((t) => !this.has(t)).map(enumText), ...super.createTable(operation)]
  }

  private has(type: EnumType): boolean {
    return Object.hasOwn(this.schema.enums, tableKey(type))
  }

  protected override columnText(column: Column): string {
    const type = column.autoincrement ? [this.serial(column)] : this.typeText(column.type)
    const value = column.autoincrement ? [] : this.defaultText(column.default)
    const nullable = column.identity ? (column.nullable ? ['NULL'] : []) : column.nullable ? [] : ['NOT NULL']
    const identity = column.identity ? [identityText(column.identity)] : []
    return [this.quote(column.name), ...type, ...value, ...this.computedText(column), ...identity, ...nullable].join(
      ' ',
    )
  }

  private serial({ type }: Column): string {
    const text = renderType(type, this.target)
    return text === 'BIGINT' ? 'BIGSERIAL' : text === 'SMALLINT' ? 'SMALLSERIAL' : 'SERIAL'
  }

  protected override computedText({ computed }: Column): readonly string[] {
    if (!computed) return []
    if (computed.persisted === false) return unknowable('PostgreSQL has no virtual computed columns')
    return [`GENERATED ALWAYS AS (${this.expression(computed.expression)}) STORED`]
  }

  protected override constraintText(constraint: Constraint, table: TableName): string | undefined {
    if (constraint.kind === 'exclude') return this.excludeText(constraint)
    const text = super.constraintText(constraint, table)
    const distinct = constraint.kind === 'unique' && this.option(constraint.options, 'postgresql_nulls_not_distinct')
    const words = distinct ? text?.replace(/UNIQUE \(/, 'UNIQUE NULLS NOT DISTINCT (') : text
    return words === undefined ? words : words + this.keyOptions(constraint)
  }

  private keyOptions(constraint: Exclude<Constraint, ExcludeConstraint>): string {
    const include = nameList(this.option(constraint.options, 'postgresql_include'))
    return include.length > 0 ? ` INCLUDE (${this.names(include)})` : ''
  }

  protected override checkText(check: Check): string {
    return super.checkText(check) + this.validity(check)
  }

  protected override foreignKeyText(key: ForeignKey, table: TableName): string | undefined {
    return super.foreignKeyText(key, table) + this.validity(key)
  }

  private validity({ options }: Check | ForeignKey): string {
    return this.option(options, 'postgresql_not_valid') ? ' NOT VALID' : ''
  }

  private excludeText(exclude: ExcludeConstraint): string {
    const elements = exclude.elements.map(
      (e) => `${this.expression(e.expression)}${e.opclass ? ` ${e.opclass}` : ''} WITH ${e.operator}`,
    )
    const where = exclude.where ? ` WHERE (${this.expression(exclude.where)})` : ''
    const using = (exclude.using ?? 'gist').toLowerCase()
    return `${this.constraintName(exclude)}EXCLUDE USING ${using} (${elements.join(', ')})${where}${this.deferrability(exclude)}`
  }

  protected override tableOptions({ options }: Table): string {
    const get = (name: string) => this.option(options, `postgresql_${name}`)
    const inherits = nameList(get('inherits'))
    const lines = [
      ...(inherits.length > 0 ? [`INHERITS (${this.names(inherits)})`] : []),
      ...(get('partition_by') ? [`PARTITION BY ${get('partition_by')}`] : []),
      ...(get('using') ? [`USING ${get('using')}`] : []),
      ...(get('with') ? [`WITH (${pairs(get('with'))})`] : []),
      ...(get('on_commit') ? [`ON COMMIT ${String(get('on_commit')).replaceAll('_', ' ').toUpperCase()}`] : []),
      ...(get('tablespace') ? [`TABLESPACE ${this.quote(String(get('tablespace')))}`] : []),
    ]
    return lines.map((line) => `\n${line}`).join('')
  }

  protected override commentsOf(table: Table): readonly string[] {
    const own = table.comment ? this.commentTable({ kind: 'commentTable', table, comment: table.comment }) : []
    return [...own, ...table.columns.flatMap((c) => (c.comment ? this.commentColumn(table, c.name, c.comment) : []))]
  }

  protected override commentTable({ table, comment }: CommentTable): readonly string[] {
    return [`COMMENT ON TABLE ${this.name(table)} IS ${this.commentText(comment)}`]
  }

  private commentColumn(table: TableName, column: string, comment: string | null): string {
    return `COMMENT ON COLUMN ${this.name(table)}.${this.quote(column)} IS ${this.commentText(comment)}`
  }

  private commentText(comment: string | null): string {
    return comment === null ? 'NULL' : quoteString(comment, 'postgres')
  }

  override indexText(index: Index, table: TableName, ifNotExists = false): string {
    const get = (name: string) => this.option(index.options, `postgresql_${name}`)
    const words = [
      'CREATE',
      ...(index.unique ? ['UNIQUE'] : []),
      'INDEX',
      ...(get('concurrently') ? ['CONCURRENTLY'] : []),
    ]
    const name = `${ifNotExists ? 'IF NOT EXISTS ' : ''}${this.indexName(index)}`
    const using = get('using') ? `USING ${String(get('using')).toLowerCase()} ` : ''
    const include = nameList(get('include'))
    const where = get('where')
    return [
      `${words.join(' ')} ${name} ON ${this.name(table)} ${using}(${this.indexColumns(index).join(', ')})`,
      ...(include.length > 0 ? [`INCLUDE (${this.names(include)})`] : []),
      ...(get('nulls_not_distinct') ? ['NULLS NOT DISTINCT'] : []),
      ...(get('with') ? [`WITH (${pairs(get('with'))})`] : []),
      ...(get('tablespace') ? [`TABLESPACE ${this.quote(String(get('tablespace')))}`] : []),
      ...(where === undefined ? [] : [`WHERE ${this.phrase(where)}`]),
    ].join(' ')
  }

  private phrase(value: OptionValue): string {
    return isExpression(value) ? this.expression(value) : String(value)
  }

  protected override indexColumns(index: Index): readonly string[] {
    const ops = (this.option(index.options, 'postgresql_ops') ?? {}) as { readonly [column: string]: string }
    return index.columns.map((c) => {
      const key = typeof c === 'string' ? c : c.kind === 'column' ? c.name : ''
      return this.indexElement(c) + (Object.hasOwn(ops, key) ? ` ${ops[key]}` : '')
    })
  }

  private indexElement(element: Index['columns'][number]): string {
    if (typeof element === 'string') return this.quote(element)
    const text = this.expression(element)
    return ['binary', 'junction', 'not', 'between', 'case', 'cast'].includes(element.kind) ? `(${text})` : text
  }

  protected dropIndex(operation: DropIndex): string {
    const schema = operation.table?.schema ?? operation.schema
    const name = this.name({ name: indexToDrop(operation, this.target), ...(schema !== undefined && { schema }) })
    const concurrently = this.option(operation.options, 'postgresql_concurrently') ? 'CONCURRENTLY ' : ''
    return `DROP INDEX ${concurrently}${operation.ifExists ? 'IF EXISTS ' : ''}${name}`
  }

  protected alterColumn(operation: AlterColumn): readonly string[] {
    const { table, column, changes, existing, using } = operation
    const alter = `${this.alter(table)} ALTER COLUMN ${this.quote(column)}`
    const { type, nullable, serverDefault, comment, name } = changes
    return [
      ...(existing?.type && type ? this.dropTypeCheck(operation, existing.type) : []),
      ...(type ? [`${alter} TYPE ${renderType(type, this.target)}${using ? ` USING ${using}` : ''}`] : []),
      ...(nullable === undefined ? [] : [`${alter} ${nullable ? 'DROP' : 'SET'} NOT NULL`]),
      ...(serverDefault === undefined
        ? []
        : [`${alter} ${this.changeDefault(serverDefault, existing?.serverDefault ?? this.identityNow(operation))}`]),
      ...(comment === undefined ? [] : [this.commentColumn(table, column, comment)]),
      ...(name === undefined ? [] : [`${this.alter(table)} RENAME ${this.quote(column)} TO ${this.quote(name)}`]),
      ...(type ? this.addTypeCheck(operation, type) : []),
    ]
  }

  private dropTypeCheck({ table, column }: AlterColumn, type: TypeSpec): readonly string[] {
    const check = typeCheck({ name: column, type }, this.target)
    if (!check) return []
    const name = plainName(withFinalName(check, { ...table, constraints: [] }, this.target).name)
    return name === undefined
      ? unknowable('the check of the old type has no name to drop it by')
      : [`${this.alter(table)} DROP CONSTRAINT ${this.quote(name)}`]
  }

  private addTypeCheck({ table, column }: AlterColumn, type: TypeSpec): readonly string[] {
    const check = typeCheck({ name: column, type }, this.target)
    return check
      ? [this.addConstraintText(table, withFinalName(check, { ...table, constraints: [] }, this.target))]
      : []
  }

  /** Where the script does not say what was there, the schema may. */
  private identityNow({ table, column }: AlterColumn): ColumnDefault | undefined {
    const identity = findTable(this.schema, table)?.columns.find((c) => c.name === column)?.identity
    return identity && { identity }
  }

  private changeDefault(value: ColumnDefault | null, existing: ColumnDefault | null | undefined): string {
    if (isIdentity(value) || isIdentity(existing)) return identityChange(identityOf(value), identityOf(existing))
    if (value === null) return 'DROP DEFAULT'
    if (typeof value === 'object' && 'computed' in value) return unknowable('a column cannot become computed by ALTER')
    return `SET DEFAULT ${this.defaultValue(value as Exclude<ColumnDefault, { readonly identity: Identity }> & string)}`
  }

  protected override createEnum({ type, checkFirst }: CreateEnum): readonly string[] {
    const found = enumsOf([type], 'even those not created')
    if (found.length === 0 && typeFamily(typeOn(type, 'postgres')) === 'enum') return []
    if (found.length === 0) return unknowable('a type without a name cannot be created')
    return found.filter((t) => !checkFirst || !this.has(t)).map(enumText)
  }

  protected override dropEnum({ type, checkFirst }: DropEnum): readonly string[] {
    return enumsOf([type], 'even those not created').map(
      (t) => `DROP TYPE ${checkFirst ? 'IF EXISTS ' : ''}${quoteType(t)}`,
    )
  }

  protected override createSequence({ sequence, options = {}, type, ifNotExists }: CreateSequence): readonly string[] {
    const as = type ? ` AS ${renderType(type, this.target)}` : ''
    const words = `CREATE SEQUENCE ${ifNotExists ? 'IF NOT EXISTS ' : ''}${this.name(sequence)}${as}`
    return [[words, ...sequenceOptions(options)].join(' ')]
  }

  protected override dropSequence({ sequence, ifExists }: DropSequence): readonly string[] {
    return [`DROP SEQUENCE ${ifExists ? 'IF EXISTS ' : ''}${this.name(sequence)}`]
  }
}

function enumText(type: EnumType): string {
  return `CREATE TYPE ${quoteType(type)} AS ENUM (${type.values.map((v) => quoteString(v, 'postgres')).join(', ')})`
}

function isExpression(value: OptionValue): value is Extract<OptionValue, { readonly kind: string }> {
  return typeof value === 'object' && value !== null && 'kind' in value
}

function nameList(value: OptionValue | undefined): readonly string[] {
  if (Array.isArray(value)) return value.map(String)
  return typeof value === 'string' ? [value] : []
}

function pairs(value: OptionValue | undefined): string {
  return Object.entries(value ?? {})
    .map(([key, of]) => `${key} = ${of}`)
    .join(', ')
}

function isIdentity(value: ColumnDefault | null | undefined): value is { readonly identity: Identity } {
  return typeof value === 'object' && value !== null && 'identity' in value
}

function identityOf(value: ColumnDefault | null | undefined): Identity | undefined {
  return isIdentity(value) ? value.identity : undefined
}

/** visit_identity_column of alembic/ddl/postgresql.py */
function identityChange(now: Identity | undefined, before: Identity | undefined): string {
  if (!now) return 'DROP IDENTITY'
  if (!before) return `ADD ${identityText(now)}`
  const { always, ...options } = now
  const changed = Object.entries(options).filter(([key, value]) => before[key as keyof Identity] !== value)
  const parts = sequenceOptions(Object.fromEntries(changed)).map((part) => `SET ${part}`)
  const kind =
    (always ?? false) === (before.always ?? false) ? [] : [`SET GENERATED ${always ? 'ALWAYS' : 'BY DEFAULT'}`]
  return [...kind, ...parts].join(' ')
}
