import type { Random } from '../seed.ts'
import type { Kind } from '../servers/databases.ts'

const types: { readonly [K in Kind]: readonly string[] } = {
  sqlite: [
    'INTEGER',
    'int',
    'TEXT',
    'varchar(20)',
    'NUMERIC(8,2)',
    'REAL',
    '',
    'BOOLEAN',
    'DATETIME',
    'BLOB',
    'UNSIGNED BIG INT',
  ],
  postgres: [
    'integer',
    'int',
    'text',
    'varchar(20)',
    'numeric(8,2)',
    'bigint',
    'timestamptz',
    'boolean',
    'text[]',
    'serial',
    'uuid',
  ],
  mysql: [
    'INT',
    'int(11) unsigned',
    'varchar(20)',
    'decimal(8,2)',
    'bigint',
    'datetime',
    'tinyint(1)',
    'char(5)',
    "enum('a','b')",
  ],
  mariadb: [
    'INT',
    'int(11) unsigned',
    'varchar(20)',
    'decimal(8,2)',
    'bigint',
    'datetime',
    'tinyint(1)',
    'char(5)',
    "enum('a','b')",
  ],
}

/** Statements at random over few names, so that they meet each other; the server may refuse any of them. */
export class RandomDdl {
  private readonly random: Random
  private readonly kind: Kind

  constructor(random: Random, kind: Kind) {
    this.random = random
    this.kind = kind
  }

  statement(): string {
    const roll = this.random()
    if (roll < 0.22) return this.createTable()
    if (roll < 0.3) return this.createIndex()
    if (roll < 0.35) return this.dropIndex()
    if (roll < 0.39)
      return `DROP TABLE ${this.maybe('IF EXISTS ')}${this.table()}${this.kind === 'postgres' ? this.maybe(' CASCADE') : ''}`
    if (roll < 0.44) return `ALTER TABLE ${this.table()} RENAME TO ${this.table()}`
    return this.alterTable()
  }

  private pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)]!
  }

  private maybe(text: string, chance = 0.3): string {
    return this.random() < chance ? text : ''
  }

  private some<T>(most: number, make: () => T): readonly T[] {
    return Array.from({ length: Math.floor(this.random() * (most + 1)) }, make)
  }

  private cased(name: string): string {
    const shown = this.maybe('x', 0.15) ? name.toUpperCase() : name
    if (this.maybe('x', 0.85)) return this.kind === 'mysql' || this.kind === 'mariadb' ? name : shown
    const mark = this.kind === 'mysql' || this.kind === 'mariadb' ? '`' : '"'
    return mark + name + mark
  }

  private table(): string {
    return this.cased(this.pick(['t', 'u', 't_a', 'v']))
  }

  private column(): string {
    return this.cased(this.pick(['a', 'b', 'c', 'a_b', 'd']))
  }

  private columns(): string {
    return `(${[this.column(), ...this.some(1, () => this.column())].join(', ')})`
  }

  private createTable(): string {
    const names = ['a', 'b', 'c', 'a_b', 'd'].filter(() => this.random() < 0.7)
    const columns = ['id', ...names].map((name, n) => this.columnText(this.cased(name), n === 0))
    const items = this.some(3, () => this.constraint())
    return `CREATE TABLE ${this.maybe('IF NOT EXISTS ', 0.15)}${this.table()} (${[...columns, ...items].join(', ')})`
  }

  private columnText(name: string, isFirst: boolean): string {
    const key = isFirst
      ? this.pick([
          '',
          ' PRIMARY KEY',
          ' NOT NULL PRIMARY KEY',
          ...(this.kind === 'sqlite' ? [' PRIMARY KEY AUTOINCREMENT'] : []),
        ])
      : ''
    const type = isFirst
      ? this.pick(['integer', this.kind === 'postgres' ? 'serial' : 'INTEGER'])
      : this.pick(types[this.kind])
    const rest = isFirst
      ? []
      : [
          this.maybe(' NOT NULL', 0.2),
          this.maybe(this.default()),
          this.maybe(' UNIQUE', 0.15),
          this.maybe(this.check(), 0.15),
          this.maybe(this.references(), 0.15),
        ]
    return `${name} ${type}${key}${rest.join('')}`
  }

  private default(): string {
    return this.pick([' DEFAULT 1', ' DEFAULT NULL', " DEFAULT 'x'", ' DEFAULT (1 + 2)'])
  }

  private name(): string {
    return this.maybe(`CONSTRAINT ${this.cased(this.pick(['one', 'two', 'three']))} `)
  }

  private check(): string {
    return ` CHECK (${this.column()} ${this.pick(['IS NOT NULL', `<> ${this.column()}`, 'IN (1, 2)'])})`
  }

  private references(): string {
    const columns = this.kind === 'postgres' || this.kind === 'sqlite' ? this.pick(['', ' (id)']) : ' (id)'
    return ` REFERENCES ${this.table()}${columns}${this.maybe(' ON DELETE CASCADE')}${this.maybe(' ON UPDATE SET NULL')}`
  }

  private constraint(): string {
    const foreign = `FOREIGN KEY (${this.column()})${this.references()}`
    return (
      this.name() +
      this.pick([`UNIQUE ${this.columns()}`, this.check().trim(), foreign, `PRIMARY KEY ${this.columns()}`])
    )
  }

  private createIndex(): string {
    const name = this.kind === 'postgres' ? this.maybe(this.index(), 0.6) : this.index()
    const exists = name !== '' && this.kind !== 'mysql' ? this.maybe('IF NOT EXISTS ') : ''
    const expressions =
      this.kind === 'postgres' || this.kind === 'sqlite'
        ? [`(lower(${this.column()}))`, `(${this.column()} DESC)`]
        : [`(${this.column()} DESC)`]
    const where =
      this.kind === 'postgres' || this.kind === 'sqlite' ? this.maybe(` WHERE ${this.column()} IS NOT NULL`) : ''
    return `CREATE ${this.maybe('UNIQUE ')}INDEX ${exists}${name} ON ${this.table()} ${this.pick([this.columns(), this.columns(), ...expressions])}${where}`
  }

  private index(): string {
    return this.cased(this.pick(['i', 'j', 't_pkey', 't_a_key', 'k']))
  }

  private dropIndex(): string {
    const on = this.kind === 'mysql' || this.kind === 'mariadb' ? ` ON ${this.table()}` : ''
    return `DROP INDEX ${this.index()}${on}`
  }

  private alterTable(): string {
    const many = this.kind === 'sqlite' ? [] : this.some(1, () => this.action())
    return `ALTER TABLE ${this.table()} ${[this.action(), ...many].join(', ')}`
  }

  private action(): string {
    const common = [
      () => `ADD COLUMN ${this.columnText(this.column(), false)}`,
      () => `DROP COLUMN ${this.column()}`,
      () => `RENAME COLUMN ${this.column()} TO ${this.column()}`,
    ]
    const own = {
      sqlite: [],
      postgres: this.postgresActions(),
      mysql: this.mysqlActions(),
      mariadb: this.mysqlActions(),
    }
    return this.pick([...common, ...own[this.kind]])()
  }

  private postgresActions(): readonly (() => string)[] {
    const alter = (what: string) => () => `ALTER COLUMN ${this.column()} ${what}`
    return [
      () => `ADD ${this.constraint()}`,
      () => `ADD ${this.constraint()}`,
      () =>
        `DROP CONSTRAINT ${this.maybe('IF EXISTS ')}${this.pick(['one', 'two', 't_pkey', 't_a_key', 't_check', 'u_a_fkey'])}${this.maybe(' CASCADE')}`,
      () => `RENAME CONSTRAINT ${this.pick(['one', 'two', 't_pkey'])} TO ${this.pick(['one', 'two', 'other'])}`,
      () => `ADD COLUMN IF NOT EXISTS ${this.columnText(this.column(), false)}`,
      () => `DROP COLUMN IF EXISTS ${this.column()} CASCADE`,
      alter('SET NOT NULL'),
      alter('DROP NOT NULL'),
      alter('SET DEFAULT NULL'),
      alter('DROP DEFAULT'),
      alter('TYPE text'),
      alter('ADD GENERATED BY DEFAULT AS IDENTITY'),
      alter('DROP IDENTITY'),
    ]
  }

  private mysqlActions(): readonly (() => string)[] {
    return [
      () => `ADD ${this.constraint()}`,
      () => `ADD ${this.pick(['KEY', 'INDEX', 'UNIQUE KEY'])} ${this.maybe(this.index(), 0.5)} ${this.columns()}`,
      () => `ADD COLUMN ${this.columnText(this.column(), false)} ${this.pick(['FIRST', `AFTER ${this.column()}`])}`,
      () => `MODIFY ${this.columnText(this.column(), false)}${this.maybe(' FIRST')}`,
      () => `CHANGE ${this.column()} ${this.columnText(this.column(), false)}`,
      () => `DROP ${this.pick(['KEY', 'INDEX'])} ${this.pick([this.index(), this.column(), 'a_2'])}`,
      () => 'DROP PRIMARY KEY',
      () => `DROP FOREIGN KEY ${this.pick(['one', 'two', 't_ibfk_1', 'u_ibfk_1'])}`,
      () => `DROP CONSTRAINT ${this.pick(['one', 'two', 'CONSTRAINT_1'])}`,
      () => `ALTER ${this.column()} ${this.pick(['DROP DEFAULT', 'SET DEFAULT 1'])}`,
      () => `RENAME INDEX ${this.index()} TO ${this.index()}`,
    ]
  }
}
