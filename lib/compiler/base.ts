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
import type { Check, Constraint, Schema, Table } from '../schema/table.ts'
import { findTable } from '../schema/table.ts'
import type { Target } from '../schema/target.ts'
import { unknowable } from '../schema/unknowable.ts'
import { withParameters } from './parameters.ts'
import { quoteSchema } from './quote.ts'
import { renderDelete, renderInsert, renderInsertSelect, renderUpdate } from './rows.ts'
import { Writer } from './writer.ts'

/** Operations as SQL, the way that most databases take it; each dialect overrides what it says differently. */
export abstract class Compiler extends Writer {
  readonly notes: string[] = []
  rebuilt: Table | undefined
  protected readonly schema: Schema

  constructor(schema: Schema, target: Target) {
    super(target)
    this.schema = schema
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
      case 'update':
        return [renderUpdate(operation, this.target)]
      case 'delete':
        return [renderDelete(operation, this.target)]
      case 'insertSelect':
        return [renderInsertSelect(operation, this.target)]
      case 'execute':
        return this.execute(operation)
      case 'batch':
        return this.batch(operation)
      case 'createEnum':
        return this.createEnum(operation)
      case 'dropEnum':
        return this.dropEnum(operation)
      case 'alterEnum':
      case 'renameIndex':
      case 'renameConstraint':
        return unknowable('this is known as raw SQL only')
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

  /** Statements for comments, where they are not part of CREATE TABLE. */
  protected commentsOf(_table: Table): readonly string[] {
    return []
  }

  protected dropTable({ table, ifExists, cascade }: DropTable): readonly string[] {
    return [`DROP TABLE ${ifExists ? 'IF EXISTS ' : ''}${this.name(table)}${cascade ? ' CASCADE' : ''}`]
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

  protected dropColumn({ table, column, ifExists }: DropColumn): readonly string[] {
    return [`${this.alter(table)} DROP COLUMN ${ifExists ? 'IF EXISTS ' : ''}${this.quote(column)}`]
  }

  protected addConstraint({ table, constraint }: AddConstraint): readonly string[] {
    const known = findTable(this.schema, table) ?? { ...table, constraints: [] }
    return [this.addConstraintText(table, withFinalName(constraint, known, this.target))]
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
    const placed = operation.steps.some(
      (s) => s.kind === 'addColumn' && (s.insertBefore ?? s.insertAfter) !== undefined,
    )
    if (placed) return unknowable('a place for a new column (insert_before, insert_after) needs a new table')
    if (operation.recreate === 'always') this.notes.push('Alembic makes a new table here; it is altered instead')
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
}
