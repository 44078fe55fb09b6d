import type { DialectName } from '../dialects/dialect-name.ts'
import type {
  Check,
  Column,
  Constraint,
  ForeignKey,
  Index,
  Options,
  ServerDefault,
  Table,
  TableName,
} from '../schema/table.ts'
import { plainName } from '../schema/table.ts'
import type { Target } from '../schema/target.ts'
import type { TypeSpec } from '../schema/type-spec.ts'
import { unknowable } from '../schema/unknowable.ts'
import { renderExpression } from './expression.ts'
import { quoteString } from './literal.ts'
import { quoteName, quoteTable } from './quote.ts'
import { renderType } from './type-names.ts'

/** The parts of statements: tables, columns, constraints, indexes and names as SQL. */
export abstract class Writer {
  abstract readonly dialect: DialectName
  protected readonly target: Target

  constructor(target: Target) {
    this.target = target
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
      `REFERENCES ${this.name(key.target)}${this.targetColumns(key)}${this.actions(key)}`,
    ].join(' ')
  }

  private targetColumns({ targetColumns }: ForeignKey): string {
    return targetColumns.length === 0 ? '' : ` (${this.names(targetColumns)})`
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

  protected references(constraint: Constraint): readonly string[] {
    if (constraint.kind !== 'foreignKey') return []
    const { target, targetColumns } = constraint
    return [
      ` ${this.constraintName(constraint)}REFERENCES ${this.name(target)} (${this.names(targetColumns)})${this.actions(constraint)}`,
    ]
  }

  protected addConstraintText(table: TableName, constraint: Constraint): string {
    return `${this.alter(table)} ADD ${this.constraintText(constraint, table)}`
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
