import type { DialectName } from '../dialects/dialect-name.ts'
import { apply } from '../schema/apply.ts'
import { batchSteps } from '../schema/batch.ts'
import type { ColumnDefinition } from '../schema/definition.ts'
import { finalName, nameToDrop } from '../schema/naming.ts'
import type {
  AddColumn,
  AddConstraint,
  AlterColumn,
  Batch,
  BulkInsert,
  CommentTable,
  CreateEnum,
  CreateIndex,
  CreateSchema,
  CreateSequence,
  CreateTable,
  DropColumn,
  DropConstraint,
  DropEnum,
  DropIndex,
  DropSchema,
  DropSequence,
  DropTable,
  Execute,
  Operation,
  RenameTable,
} from '../schema/operation.ts'
import { resolveColumn, resolveTable, withFinalName } from '../schema/resolve.ts'
import type {
  Check,
  Column,
  Constraint,
  ForeignKey,
  Index,
  Options,
  Schema,
  ServerDefault,
  Table,
  TableName,
} from '../schema/table.ts'
import { findTable, plainName } from '../schema/table.ts'
import type { Target } from '../schema/target.ts'
import type { TypeSpec } from '../schema/type-spec.ts'
import { unknowable } from '../schema/unknowable.ts'
import { renderExpression } from './expression.ts'
import { renderInsert } from './insert.ts'
import { quoteString } from './literal.ts'
import { withParameters } from './parameters.ts'
import { quoteName, quoteSchema, quoteTable } from './quote.ts'
import { renderType } from './type-names.ts'

/** Operations as SQL, the way that most databases take it; each dialect overrides what it says differently. */
export abstract class Compiler {
  abstract readonly dialect: DialectName
  readonly notes: string[] = []
  protected readonly schema: Schema
  protected readonly target: Target

  constructor(schema: Schema, target: Target) {
    this.schema = schema
    this.target = target
  }

  compile(operation: Operation): readonly string[] {
    switch (operation.kind) {
      case 'createTable':
        return this.createTable(operation)
      case 'dropTable':
        return this.dropTable(operation)
      case 'renameTable':
        return this.renameTable(operation)
      case 'addColumn':
        return this.addColumn(operation)
      case 'dropColumn':
        return this.dropColumn(operation)
      case 'alterColumn':
        return this.alterColumn(operation)
      case 'addConstraint':
        return this.addConstraint(operation)
      case 'dropConstraint':
        return this.dropConstraint(operation)
      case 'createIndex':
        return [this.createIndex(operation)]
      case 'dropIndex':
        return [this.dropIndex(operation)]
      case 'commentTable':
        return this.commentTable(operation)
      case 'bulkInsert':
        return this.bulkInsert(operation)
      case 'execute':
        return this.execute(operation)
      case 'batch':
        return this.batch(operation)
      case 'createEnum':
        return this.createEnum(operation)
      case 'dropEnum':
        return this.dropEnum(operation)
      case 'createSequence':
        return this.createSequence(operation)
      case 'dropSequence':
        return this.dropSequence(operation)
      case 'createSchema':
        return this.createSchema(operation)
      case 'dropSchema':
        return this.dropSchema(operation)
    }
  }

  protected abstract alterColumn(operation: AlterColumn): readonly string[]
  protected abstract dropIndex(operation: DropIndex): string

  protected createTable({ table, ifNotExists }: CreateTable): readonly string[] {
    const resolved = resolveTable(table, this.target)
    const left = (table.constraints ?? []).length + table.columns.flatMap((c) => c.foreignKeys ?? []).length
    if (left > 0 && this.dialect !== 'sqlite') this.noteUseAlter(table.constraints ?? [], table.columns)
    return [
      this.tableText(resolved, ifNotExists ?? false),
      ...resolved.indexes.map((index) => this.indexText(index, resolved)),
      ...this.commentsOf(resolved),
    ]
  }

  private noteUseAlter(constraints: readonly Constraint[], columns: readonly ColumnDefinition[]): void {
    const skipped =
      constraints.some((c) => c.kind === 'foreignKey' && c.useAlter) ||
      columns.some((c) => c.foreignKeys?.some((k) => k.useAlter))
    if (skipped) this.notes.push('a foreign key with use_alter is not made by op.create_table, and so not here')
  }

  /** CREATE TABLE, one column or constraint a line. */
  tableText(table: Table, ifNotExists = false): string {
    const words = [
      'CREATE',
      ...(table.prefixes ?? []),
      'TABLE',
      ...(ifNotExists ? ['IF NOT EXISTS'] : []),
      this.name(table),
    ]
    const inline = (column: Column) =>
      table.constraints.filter((c): c is Check => c.kind === 'check' && this.isInline(c) && c.column === column.name)
    const columns = table.columns.map((c) =>
      [this.columnText(c, table), ...inline(c).map((check) => this.checkText(check))].join(' '),
    )
    const rest = table.constraints.filter((c) => !this.isInline(c)).flatMap((c) => this.constraintText(c, table) ?? [])
    const lines = [...columns, ...rest].map((line) => `  ${line}`).join(',\n')
    return `${words.join(' ')} (\n${lines}\n)${this.tableOptions(table)}`
  }

  protected tableOptions(_table: Table): string {
    return ''
  }

  /** Statements for comments, where they are not part of CREATE TABLE. */
  protected commentsOf(_table: Table): readonly string[] {
    return []
  }

  protected columnText(column: Column, _table?: Table): string {
    return [
      this.quote(column.name),
      ...this.typeText(column.type),
      ...this.defaultText(column.default),
      ...this.computedText(column),
      ...(column.nullable ? [] : ['NOT NULL']),
    ].join(' ')
  }

  protected typeText(type: TypeSpec): readonly string[] {
    const text = renderType(type, this.target)
    return text === '' ? [] : [text]
  }

  protected defaultText(value: ServerDefault | undefined): readonly string[] {
    return value === undefined ? [] : [`DEFAULT ${this.defaultValue(value)}`]
  }

  protected defaultValue(value: ServerDefault): string {
    return typeof value === 'string' ? quoteString(value, this.dialect) : this.expression(value)
  }

  protected computedText({ computed }: Column): readonly string[] {
    if (!computed) return []
    const how = computed.persisted === undefined ? '' : computed.persisted ? ' STORED' : ' VIRTUAL'
    return [`GENERATED ALWAYS AS (${this.expression(computed.expression)})${how}`]
  }

  /** A constraint as a line of CREATE TABLE or after ADD; nothing where the dialect has it elsewhere. */
  protected constraintText(constraint: Constraint, table: TableName): string | undefined {
    switch (constraint.kind) {
      case 'primaryKey':
        return `${this.constraintName(constraint)}PRIMARY KEY (${this.names(constraint.columns)})${this.deferrability(constraint)}`
      case 'unique':
        return `${this.constraintName(constraint)}UNIQUE (${this.names(constraint.columns)})${this.deferrability(constraint)}`
      case 'check':
        return this.checkText(constraint)
      case 'foreignKey':
        return this.foreignKeyText(constraint, table)
      case 'exclude':
        return unknowable(`${this.dialect} has no EXCLUDE constraints`)
    }
  }

  protected constraintName({ name }: Pick<Constraint, 'name'>): string {
    return name === undefined ? '' : `CONSTRAINT ${this.quote(plainName(name)!)} `
  }

  protected checkText(check: Check): string {
    return `${this.constraintName(check)}CHECK (${this.expression(check.expression)})${this.deferrability(check)}`
  }

  protected foreignKeyText(key: ForeignKey, _table: TableName): string | undefined {
    return [
      `${this.constraintName(key)}FOREIGN KEY (${this.names(key.columns)})`,
      `REFERENCES ${this.name(key.target)} (${this.names(key.targetColumns)})${this.actions(key)}`,
    ].join(' ')
  }

  protected actions(key: ForeignKey): string {
    const match = key.match === undefined ? '' : ` MATCH ${key.match}`
    const onDelete = key.onDelete === undefined ? '' : ` ON DELETE ${key.onDelete.toUpperCase()}`
    const onUpdate = key.onUpdate === undefined ? '' : ` ON UPDATE ${key.onUpdate.toUpperCase()}`
    return match + onDelete + onUpdate + this.deferrability(key)
  }

  protected deferrability({ deferrable, initially }: Pick<ForeignKey, 'deferrable' | 'initially'>): string {
    const first = deferrable === undefined ? '' : deferrable ? ' DEFERRABLE' : ' NOT DEFERRABLE'
    return initially === undefined ? first : `${first} INITIALLY ${initially.toUpperCase()}`
  }

  protected dropTable({ table, ifExists }: DropTable): readonly string[] {
    return [`DROP TABLE ${ifExists ? 'IF EXISTS ' : ''}${this.name(table)}`]
  }

  protected renameTable({ table, to }: RenameTable): readonly string[] {
    return [`${this.alter(table)} RENAME TO ${this.quote(to)}`]
  }

  protected addColumn(operation: AddColumn): readonly string[] {
    const { table, column, ifNotExists } = operation
    const head = { ...table, constraints: [] }
    const resolved = resolveColumn(column, head, this.target)
    const inline = resolved.constraints.filter((c) => this.isInline(c)).map((c) => ` ${this.checkText(c as Check)}`)
    const key = operation.inlinePrimaryKey && column.primaryKey ? ' PRIMARY KEY' : ''
    const references = operation.inlineReferences ? resolved.constraints.flatMap((c) => this.references(c)) : []
    const rest = resolved.constraints.filter(
      (c) => !this.isInline(c) && c.kind !== 'primaryKey' && !(references.length > 0 && c.kind === 'foreignKey'),
    )
    const words = `${this.alter(table)} ADD COLUMN ${ifNotExists ? 'IF NOT EXISTS ' : ''}`
    return [
      words + this.columnText(resolved.column) + key + references.join('') + inline.join(''),
      ...rest.map((c) => this.addConstraintText(table, c)),
      ...resolved.indexes.map((index) => this.indexText(index, table)),
      ...this.commentsOf({ ...table, columns: [resolved.column], constraints: [], indexes: [] }),
    ]
  }

  protected references(constraint: Constraint): readonly string[] {
    if (constraint.kind !== 'foreignKey') return []
    const { target, targetColumns } = constraint
    return [
      ` ${this.constraintName(constraint)}REFERENCES ${this.name(target)} (${this.names(targetColumns)})${this.actions(constraint)}`,
    ]
  }

  protected dropColumn({ table, column, ifExists }: DropColumn): readonly string[] {
    return [`${this.alter(table)} DROP COLUMN ${ifExists ? 'IF EXISTS ' : ''}${this.quote(column)}`]
  }

  protected addConstraint({ table, constraint }: AddConstraint): readonly string[] {
    const known = findTable(this.schema, table) ?? { ...table, constraints: [] }
    return [this.addConstraintText(table, withFinalName(constraint, known, this.target))]
  }

  protected addConstraintText(table: TableName, constraint: Constraint): string {
    return `${this.alter(table)} ADD ${this.constraintText(constraint, table)}`
  }

  protected dropConstraint(operation: DropConstraint): readonly string[] {
    const { table, ifExists, cascade } = operation
    const name = this.quote(this.droppedName(operation))
    return [`${this.alter(table)} DROP CONSTRAINT ${ifExists ? 'IF EXISTS ' : ''}${name}${cascade ? ' CASCADE' : ''}`]
  }

  protected droppedName({ table, name, type }: DropConstraint): string {
    return nameToDrop(name, type, { ...table, constraints: [] }, this.target)
  }

  protected createIndex({ table, index, ifNotExists }: CreateIndex): string {
    const known = findTable(this.schema, table) ?? { ...table, constraints: [] }
    const name = finalName(index, known, this.target)
    return this.indexText({ ...index, ...(name !== undefined && { name }) }, table, ifNotExists)
  }

  indexText(index: Index, table: TableName, ifNotExists = false): string {
    const unique = index.unique ? 'UNIQUE ' : ''
    const name = `${ifNotExists ? 'IF NOT EXISTS ' : ''}${this.indexName(index)}`
    return `CREATE ${unique}INDEX ${name} ON ${this.name(table)} (${this.indexColumns(index).join(', ')})`
  }

  protected indexName(index: Index): string {
    const name = plainName(index.name)
    return name === undefined ? unknowable('CREATE INDEX requires that the index have a name') : this.quote(name)
  }

  protected indexColumns(index: Index): readonly string[] {
    return index.columns.map((c) => (typeof c === 'string' ? this.quote(c) : this.expression(c)))
  }

  protected commentTable(_operation: CommentTable): readonly string[] {
    return []
  }

  protected bulkInsert(operation: BulkInsert): readonly string[] {
    return renderInsert(operation, this.target)
  }

  protected execute(operation: Execute): readonly string[] {
    return [withParameters(operation, this.dialect)]
  }

  /** Without the need of a new table a batch is no more than its steps. */
  protected batch(operation: Batch): readonly string[] {
    const statements: string[] = []
    let schema = this.schema
    for (const step of batchSteps(operation)) {
      const next = this.with(schema)
      statements.push(...next.compile(step))
      this.notes.push(...next.notes)
      schema = apply(schema, step, this.target)
    }
    return statements
  }

  /** The same compiler at a later moment. */
  protected abstract with(schema: Schema): Compiler

  protected createEnum(_operation: CreateEnum): readonly string[] {
    return []
  }

  protected dropEnum(_operation: DropEnum): readonly string[] {
    return []
  }

  protected createSequence(_operation: CreateSequence): readonly string[] {
    return unknowable(`${this.dialect} has no sequences`)
  }

  protected dropSequence(_operation: DropSequence): readonly string[] {
    return unknowable(`${this.dialect} has no sequences`)
  }

  protected createSchema({ name, ifNotExists }: CreateSchema): readonly string[] {
    return [`CREATE SCHEMA ${ifNotExists ? 'IF NOT EXISTS ' : ''}${quoteSchema(name, this.dialect)}`]
  }

  protected dropSchema({ name, ifExists, cascade }: DropSchema): readonly string[] {
    return [`DROP SCHEMA ${ifExists ? 'IF EXISTS ' : ''}${quoteSchema(name, this.dialect)}${cascade ? ' CASCADE' : ''}`]
  }

  protected quote(name: string): string {
    return quoteName(name, this.dialect)
  }

  protected names(columns: readonly string[]): string {
    return columns.map((c) => this.quote(c)).join(', ')
  }

  protected name(table: TableName): string {
    return quoteTable(table, this.dialect)
  }

  protected alter(table: TableName): string {
    return `ALTER TABLE ${this.name(table)}`
  }

  protected expression(of: Exclude<ServerDefault, string>): string {
    return renderExpression(of, this.target)
  }

  protected option(options: Options | undefined, keyword: string): Options[string] | undefined {
    return options?.[keyword] ?? undefined
  }

  /** A check that was written at its column stands there. */
  protected isInline(constraint: Constraint): boolean {
    return constraint.kind === 'check' && constraint.column !== undefined && !constraint.typeBound
  }
}
