import { indexToDrop, ownerOf } from '../schema/change-indexes.ts'
import { isDefaultOnly, mysqlColumn } from '../schema/column-changes.ts'
import { hasName } from '../schema/edit.ts'
import type { AlterColumn, CommentTable, DropConstraint, DropIndex, RenameTable } from '../schema/operation.ts'
import { typeCheck, withFinalName } from '../schema/resolve.ts'
import type {
  Column,
  Constraint,
  ForeignKey,
  Index,
  OptionValue,
  PrimaryKey,
  Schema,
  ServerDefault,
  Table,
  TableName,
} from '../schema/table.ts'
import { findTable } from '../schema/table.ts'
import { isBefore } from '../schema/target.ts'
import { typeOn } from '../schema/type-spec.ts'
import { unknowable } from '../schema/unknowable.ts'
import { Compiler } from './base.ts'
import { quoteString } from './literal.ts'
import { mysqlTableOptions } from './mysql-table-options.ts'

/** MySQLImpl and MySQLDDLCompiler (alembic/ddl/mysql.py, sqlalchemy/dialects/mysql/base.py). */
export class MysqlCompiler extends Compiler {
  readonly dialect = 'mysql'

  protected with(schema: Schema): Compiler {
    return new MysqlCompiler(schema, this.target)
  }

  protected override columnText(column: Column): string {
    const nullable = column.nullable ? (isTimestamp(column) ? ['NULL'] : []) : ['NOT NULL']
    return [
      this.quote(column.name),
      ...this.typeText(column.type),
      ...this.computedText(column),
      ...nullable,
      ...(column.autoincrement ? ['AUTO_INCREMENT'] : this.columnDefault(column)),
      ...(column.comment === undefined ? [] : [`COMMENT ${quoteString(column.comment, 'mysql')}`]),
    ].join(' ')
  }

  private columnDefault({ default: value }: Column): readonly string[] {
    const [text] = this.defaultText(value)
    if (text === undefined) return []
    return [isBefore(this.target, '2.0') ? text : inParentheses(text)]
  }

  protected override constraintText(constraint: Constraint, table: TableName): string | undefined {
    const text = super.constraintText(constraint, table)
    const using = constraint.kind === 'primaryKey' && this.usingOf(constraint)
    return using ? `${text} USING ${using}` : text
  }

  private usingOf({ options }: PrimaryKey): OptionValue | undefined {
    return this.option(options, 'mysql_using')
  }

  protected override actions(key: ForeignKey): string {
    if (key.match !== undefined) return unknowable('MySQL ignores MATCH, and ON DELETE and ON UPDATE with it')
    return super.actions(key)
  }

  /** MariaDB takes no name for a check at its column; at the table both take it, and MySQL stores it alike. */
  protected override isInline(constraint: Constraint): boolean {
    return super.isInline(constraint) && constraint.name === undefined
  }

  protected override tableOptions(table: Table): string {
    const options = mysqlTableOptions(table)
    return options === '' ? '' : ` ${options}`
  }

  protected override renameTable({ table, to }: RenameTable): readonly string[] {
    return [`${this.alter(table)} RENAME TO ${this.name({ ...table, name: to })}`]
  }

  protected override commentTable({ table, comment }: CommentTable): readonly string[] {
    return [`${this.alter(table)} COMMENT ${quoteString(comment ?? '', 'mysql')}`]
  }

  override indexText(index: Index, table: TableName, ifNotExists = false): string {
    const get = (name: string) => this.option(index.options, `mysql_${name}`)
    const words = [
      'CREATE',
      ...(index.unique ? ['UNIQUE'] : []),
      ...(get('prefix') ? [String(get('prefix'))] : []),
      'INDEX',
    ]
    const name = `${ifNotExists ? 'IF NOT EXISTS ' : ''}${this.indexName(index)}`
    return [
      `${words.join(' ')} ${name} ON ${this.name(table)} (${this.indexColumns(index).join(', ')})`,
      ...(get('with_parser') ? [`WITH PARSER ${get('with_parser')}`] : []),
      ...(get('using') ? [`USING ${get('using')}`] : []),
    ].join(' ')
  }

  protected override indexColumns(index: Index): readonly string[] {
    const length = this.option(index.options, 'mysql_length')
    return index.columns.map((column) => {
      const text = this.indexElement(column)
      const name = typeof column === 'string' ? column : column.kind === 'column' ? column.name : text
      const size = typeof length === 'object' ? (length as { readonly [column: string]: number })[name] : length
      return size === undefined ? text : `${text}(${size})`
    })
  }

  private indexElement(element: Index['columns'][number]): string {
    if (typeof element === 'string') return this.quote(element)
    const text = this.expression(element)
    return ['binary', 'junction', 'not', 'between', 'function', 'case', 'cast'].includes(element.kind)
      ? `(${text})`
      : text
  }

  protected dropIndex(operation: DropIndex): string {
    const name = indexToDrop(operation, this.target)
    const table = operation.table ?? ownerOf(this.schema, name)
    if (!table) return unknowable(`MySQL needs to know the table of the index ${name}`)
    return `DROP INDEX ${operation.ifExists ? 'IF EXISTS ' : ''}${this.quote(name)} ON ${this.name(table)}`
  }

  protected override dropConstraint(operation: DropConstraint): readonly string[] {
    const { table } = operation
    const type = operation.type ?? this.kindOf(operation)
    const name = this.quote(this.droppedName({ ...operation, type }))
    const exists = operation.ifExists ? 'IF EXISTS ' : ''
    const what = {
      foreignKey: `FOREIGN KEY ${exists}${name}`,
      primaryKey: 'PRIMARY KEY',
      unique: `INDEX ${exists}${name}`,
      // DROP CHECK is MySQL's alone; both have DROP CONSTRAINT (MySQL since 8.0.19).
      check: `CONSTRAINT ${exists}${name}`,
    }
    return [`${this.alter(table)} DROP ${what[type]}`]
  }

  private kindOf(operation: DropConstraint): NonNullable<DropConstraint['type']> {
    const name = this.droppedName(operation)
    const known = findTable(this.schema, operation.table)?.constraints.find((c) => hasName(c, name))
    if (known && known.kind !== 'exclude') return known.kind
    return unknowable(`MySQL needs the type of the constraint ${name} to drop it`)
  }

  protected alterColumn(operation: AlterColumn): readonly string[] {
    const { table, column, changes } = operation
    if (isDefaultOnly(operation)) return this.alterDefault(operation)
    const known = findTable(this.schema, table)?.columns.find((c) => c.name === column)
    const whole = mysqlColumn(operation, known)
    if (!whole) return unknowable(`MySQL needs the type of ${table.name}.${column} (existing_type) to alter it`)
    const verb = changes.name === undefined ? 'MODIFY' : `CHANGE ${this.quote(column)}`
    return [`${this.alter(table)} ${verb} ${this.wholeColumn(whole)}`, ...this.addTypeCheck(operation)]
  }

  private alterDefault({ table, column, changes: { serverDefault } }: AlterColumn): readonly string[] {
    if (serverDefault === undefined) return []
    const alter = `${this.alter(table)} ALTER COLUMN ${this.quote(column)}`
    if (serverDefault === null) return [`${alter} DROP DEFAULT`]
    if (typeof serverDefault === 'object' && !('kind' in serverDefault)) {
      return unknowable('MySQL cannot make a column computed or an identity by ALTER')
    }
    return [`${alter} SET DEFAULT ${this.defaultValue(serverDefault as ServerDefault)}`]
  }

  private wholeColumn(column: Column): string {
    if (column.computed || column.identity)
      return unknowable('MySQL cannot make a column computed or an identity by ALTER')
    return [
      this.quote(column.name),
      ...this.typeText(column.type),
      column.nullable ? 'NULL' : 'NOT NULL',
      ...(column.autoincrement ? ['AUTO_INCREMENT'] : []),
      ...this.defaultText(column.default),
      ...(column.comment ? [`COMMENT ${quoteString(column.comment, 'mysql')}`] : []),
    ].join(' ')
  }

  private addTypeCheck({ table, column, changes: { type } }: AlterColumn): readonly string[] {
    const check = type && typeCheck({ name: column, type }, this.target)
    return check
      ? [this.addConstraintText(table, withFinalName(check, { ...table, constraints: [] }, this.target))]
      : []
  }
}

function isTimestamp({ type }: Column): boolean {
  const { kind, args } = typeOn(type, 'mysql')
  return kind === 'TIMESTAMP' || (kind === 'raw' && /^timestamp/i.test(args?.text ?? ''))
}

/** Since 2.0 a default that is more than a word stands in parentheses (MySQLDDLCompiler.get_column_specification). */
function inParentheses(text: string): string {
  const value = text.slice('DEFAULT '.length)
  const stays =
    /^\s*['"(]/.test(value) || /ON UPDATE/i.test(value) || /\bnow\(\d+\)|\bcurrent_timestamp\(\d+\)/i.test(value)
  return stays || !/\W/.test(value) ? text : `DEFAULT (${value})`
}
