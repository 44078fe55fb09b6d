import { strictEqual } from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import type { Catalogue } from '../../lib/catalogue/model.ts'
import { dumpSqlite } from '../../lib/catalogue/sqlite-dump.ts'
import { quoteName } from '../../lib/catalogue/sqlite-tokens.ts'
import { type Change, changesBetween, type Renames } from '../../lib/diff/changes.ts'
import { compare } from '../../lib/diff/compare.ts'
import type { Row, Session } from '../../lib/drivers/driver.ts'
import { built, everything, inMemory, read } from '../catalogue/sqlite-schemas.ts'
import { type RandomSchema, renamesBetween, schema } from './sqlite-schemas.ts'

const runs = Number(process.env.SQLMIG_TEST_SCHEMAS ?? 30)
const seed = Number(process.env.SQLMIG_TEST_SEED ?? 5)

t.setTimeout(30_000 + runs * 500)

const noRenames: Renames = new Map()

async function changes(
  from: readonly string[],
  to: readonly string[],
  renames = noRenames,
): Promise<readonly Change[]> {
  return changesBetween(await built(from), await built(to), renames)
}

const sqlOf = (all: readonly Change[]) => all.map(({ sql }) => sql)

/** Everything in which a schema still is not the other one after it was changed. */
async function left(from: RandomSchema, to: RandomSchema, renames: Renames) {
  const expected = await built(to.statements)
  return inMemory(async (session) => {
    await session.exec(from.statements)
    const statements = sqlOf(changesBetween(await read(session), expected, renames))
    for (const sql of statements)
      await session.exec([sql]).catch((error) => {
        throw new Error(`${sql}\n\n${error}`)
      })
    return compare(expected, await read(session))
  })
}

t.test('any schema becomes any other', async (t) => {
  const cases = fc
    .tuple(schema, schema)
    .chain(([from, to]) => renamesBetween(from, to).map((renames) => ({ from, to, renames })))
  await fc.assert(
    fc.asyncProperty(cases, async ({ from, to, renames }) => {
      const differences = await left(from, to, renames)
      if (differences.length > 0) throw new Error(JSON.stringify(differences, null, 1))
    }),
    { numRuns: runs, seed, includeErrorInReport: true },
  )
  t.pass('all of them did')
})

t.test('no row goes unsaid', async (t) => {
  let [changed, refused] = [0, 0]
  await fc.assert(
    fc.asyncProperty(schema, schema, async (from, to) => {
      const expected = await built(to.statements)
      await inMemory(async (session) => {
        await session.exec(from.statements.filter((sql) => !/^CREATE TRIGGER/.test(sql)))
        for (const sql of [...from.tables].flatMap(rowsOf)) await session.exec([sql]).catch(() => undefined)
        await session.exec(from.statements.filter((sql) => /^CREATE TRIGGER/.test(sql)))
        const actual = await read(session)
        const common = commonColumns(actual, expected)
        const before = await contents(session, common)
        const all = changesBetween(actual, expected, noRenames)
        const error = await session.exec(['BEGIN', ...sqlOf(all)]).then(
          () => undefined,
          (error: unknown) => error,
        )
        if (error) {
          refused++
          if (!/constraint failed|cannot store|datatype mismatch|Cannot add a NOT NULL/.test(String(error))) throw error
          return
        }
        changed++
        const converted = all.some(({ loses }) => loses?.includes('converted') || loses?.includes('computed'))
        const after = await contents(session, common)
        for (const [name, rows] of before) {
          if (after.get(name)?.length !== rows.length) throw new Error(`rows of ${name} went`)
          if (!converted) strictEqual(digits(after.get(name)), digits(rows))
        }
      })
    }),
    { numRuns: runs, seed, includeErrorInReport: true },
  )
  t.ok(changed > refused / 20, `${changed} changed, ${refused} refused for their rows`)
})

/** An integer in a column of text says the same. */
function digits(rows: readonly Row[] | undefined): string {
  return JSON.stringify(rows, (_, value) => (typeof value === 'number' ? String(value) : value))
}

/** A few rows, as many of them as the table takes. */
function rowsOf([name, columns]: readonly [string, readonly string[]]): readonly string[] {
  const names = columns.map(quoteName)
  return [1, 2, 3].flatMap((row) => [
    `INSERT OR IGNORE INTO ${quoteName(name)} (id) VALUES (${row})`,
    ...names
      .slice(1)
      .map((column) => `UPDATE OR IGNORE ${quoteName(name)} SET ${column} = ${row + 1} WHERE ${column} IS NULL`),
  ])
}

/** The columns that hold values of their own in both schemas, of the tables that both have. */
function commonColumns(a: Catalogue, b: Catalogue): ReadonlyMap<string, readonly string[]> {
  const plain = ({ objects }: Catalogue) =>
    new Map(
      objects
        .filter(({ kind }) => kind === 'table')
        .map(({ name, parts }) => [
          name,
          parts.filter(({ kind, properties }) => kind === 'column' && !properties.generated).map((part) => part.name),
        ]),
    )
  const other = plain(b)
  return new Map(
    [...plain(a)].flatMap(([name, columns]) => {
      const common = columns.filter((column) => other.get(name)?.includes(column))
      return common.length > 0 ? [[name, common] as const] : []
    }),
  )
}

async function contents(
  session: Session,
  tables: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const found = new Map<string, readonly Row[]>()
  for (const [name, columns] of tables) {
    const list = columns.map(quoteName).join(', ')
    const order = columns.map((column) => `${quoteName(column)} COLLATE BINARY`).join(', ')
    found.set(name, await session.query(`SELECT ${list} FROM ${quoteName(name)} ORDER BY ${order}`))
  }
  return found
}

t.test('a table that is rebuilt keeps its rows, counter, indexes, triggers and views', async (t) => {
  const rest = [
    'CREATE INDEX by_name ON lead (name)',
    'CREATE VIEW names AS SELECT name FROM lead',
    'CREATE VIEW first AS SELECT min(name) AS name FROM names',
    'CREATE TABLE child (lead REFERENCES lead (id) ON DELETE CASCADE)',
    'CREATE TRIGGER keep BEFORE DELETE ON child BEGIN UPDATE lead SET name = 1; END',
    "CREATE TRIGGER made AFTER INSERT ON lead BEGIN SELECT RAISE(ABORT, 'fired'); END",
    'CREATE TRIGGER door INSTEAD OF INSERT ON names BEGIN SELECT 1; END',
  ]
  const from = ['CREATE TABLE lead (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, sum AS (id + 1))', ...rest]
  const to = [
    "CREATE TABLE lead (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT DEFAULT 'now', name TEXT UNIQUE ON CONFLICT IGNORE, sum AS (id + 1) STORED, CHECK (id > 0))",
    ...rest,
  ]
  const expected = await built(to)
  await inMemory(async (session) => {
    await session.exec(from.slice(0, 1))
    await session.exec([
      "INSERT INTO lead (id, name) VALUES (1, 'a'), (3, 'b'), (9, 'c')",
      'DELETE FROM lead WHERE id = 9',
    ])
    await session.exec([...from.slice(1), 'INSERT INTO child VALUES (1), (3)'])
    const all = changesBetween(await read(session), expected, noRenames)
    await session.exec(['BEGIN', ...sqlOf(all), 'COMMIT'])
    t.same(compare(expected, await read(session)), [])
    t.same(await session.query('SELECT * FROM lead'), [
      { id: 1, at: 'now', name: 'a', sum: 2 },
      { id: 3, at: 'now', name: 'b', sum: 4 },
    ])
    t.same(await session.query('SELECT * FROM sqlite_sequence'), [{ name: 'lead', seq: 9 }])
    t.same(await session.query('SELECT count(*) AS n FROM child'), [{ n: 2 }])
    t.notOk(all.some(({ loses, unfinished }) => loses ?? unfinished))
  })
})

t.test('no conflict clause of a new table makes rows go', async (t) => {
  const expected = await built(['CREATE TABLE a (b INT UNIQUE ON CONFLICT IGNORE)'])
  await inMemory(async (session) => {
    await session.exec(['CREATE TABLE a (b INT)', 'INSERT INTO a VALUES (1), (1)', 'BEGIN'])
    const all = changesBetween(await read(session), expected, noRenames)
    await t.rejects(session.exec(sqlOf(all)), { code: 'SQLITE_CONSTRAINT_UNIQUE' })
  })
})

t.test('what ALTER TABLE can do is done by it', async (t) => {
  const a = 'CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT, c INT)'
  const b = 'CREATE VIEW b AS SELECT id FROM a'
  const cases: readonly (readonly [to: string, statements: readonly string[]])[] = [
    [
      "CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT, c INT, d TEXT NOT NULL DEFAULT 'x' CHECK (d <> 'y'))",
      ["ALTER TABLE a ADD COLUMN d TEXT NOT NULL DEFAULT 'x' CHECK (d <> 'y')"],
    ],
    [
      'CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT, c INT, d CONSTRAINT f REFERENCES a ON DELETE CASCADE, e AS (b || c))',
      [
        'ALTER TABLE a ADD COLUMN d CONSTRAINT f REFERENCES a (id) ON DELETE CASCADE',
        'ALTER TABLE a ADD COLUMN e GENERATED ALWAYS AS (b || c) VIRTUAL',
      ],
    ],
    [
      'CREATE TABLE a (id INTEGER PRIMARY KEY, c INT)',
      ['DROP VIEW b', 'ALTER TABLE a DROP COLUMN b', 'CREATE VIEW b AS SELECT id FROM a'],
    ],
  ]
  for (const [to, statements] of cases) t.same(sqlOf(await changes([a, b], [to, b])), statements)
})

t.test('renames are followed into keys, checks, indexes and foreign keys', async (t) => {
  const of = (lead: string, name: string) => [
    `CREATE TABLE ${lead} (id INTEGER PRIMARY KEY, ${name} TEXT UNIQUE CHECK (length(${name}) > 1), up AS (upper(${name})))`,
    `CREATE INDEX i ON ${lead} (lower(${name})) WHERE ${name} <> 'name'`,
    `CREATE TABLE child (lead REFERENCES ${lead} (${name}))`,
    `CREATE VIEW v AS SELECT ${name} FROM ${lead}`,
  ]
  const renames = new Map([
    ['table lead', 'order'],
    ['table lead.name', 'Full Name'],
  ])
  t.same(sqlOf(await changes(of('lead', 'name'), of('"order"', '"Full Name"'), renames)), [
    'DROP VIEW v',
    'ALTER TABLE lead RENAME TO "order"',
    'ALTER TABLE "order" RENAME COLUMN name TO "Full Name"',
    'CREATE VIEW v AS SELECT "Full Name" FROM "order"',
  ])
})

t.test('names can be exchanged', async (t) => {
  const from = ['CREATE TABLE a (x INT, y TEXT)', 'CREATE TABLE b (z BLOB)']
  const to = ['CREATE TABLE b (y INT, x TEXT)', 'CREATE TABLE a (z BLOB)']
  const renames = new Map([
    ['table a', 'b'],
    ['table b', 'a'],
    ['table a.x', 'y'],
    ['table a.y', 'x'],
  ])
  const expected = await built(to)
  await inMemory(async (session) => {
    await session.exec([...from, 'INSERT INTO a VALUES (1, 2)'])
    const all = changesBetween(await read(session), expected, renames)
    await session.exec(sqlOf(all))
    t.same(compare(expected, await read(session)), [])
    t.same(await session.query('SELECT y, x FROM b'), [{ y: 1, x: '2' }])
    t.notOk(all.some(({ loses }) => loses))
  })
})

t.test('a name in another case is no drop', async (t) => {
  const all = await changes(['CREATE TABLE Lead (Id INT)'], ['CREATE TABLE lead (id INT)'])
  t.notOk(all.some(({ sql, loses }) => /DROP/.test(sql) || loses))
  t.ok(all.length > 0)
})

t.test('what loses or cannot be finished says so', async (t) => {
  const from = ['CREATE TABLE a (b TEXT, c INT)', 'CREATE TABLE gone (x)']
  const says = async (...to: readonly string[]) => {
    const all = await changes(from, [...to, 'CREATE TABLE gone (x)'])
    return [all.map(({ loses }) => loses).find(Boolean), all.map(({ unfinished }) => unfinished).find(Boolean)]
  }
  t.match(await changes(from, from.slice(0, 1)), [{ sql: 'DROP TABLE gone', loses: /rows/ }])
  t.match(await says('CREATE TABLE a (b TEXT)'), [/values of c go/, undefined])
  t.match(await says('CREATE TABLE a (b TEXT, c TEXT)'), [undefined, undefined])
  t.match(await says('CREATE TABLE a (b INT, c INT)'), [/b may be converted from TEXT to INT/, undefined])
  t.match(await says('CREATE TABLE a (b TEXT NOT NULL, c INT)'), [undefined, /rows without a value in b/])
  t.match(await says('CREATE TABLE a (b TEXT, c INT, d INT NOT NULL)'), [undefined, /d is NOT NULL and has no default/])
  t.match(await says('CREATE TABLE a (b TEXT, c INT, d INT NOT NULL, UNIQUE (b))'), [undefined, /d is NOT NULL/])
})

t.test('virtual tables, and tables that are not understood, are changed as a whole', async (t) => {
  const from = ['CREATE VIRTUAL TABLE words USING fts5(a)', 'CREATE TABLE plain (a)']
  const to = ['CREATE VIRTUAL TABLE words USING fts5(a, b)', 'CREATE TABLE plain (a)']
  t.same(await changes(from, from), [])
  t.match(await changes(from, to), [{ sql: 'DROP TABLE words', loses: /rows/ }, { sql: to[0] }])
  // a constraint without anything, which SQLite takes
  const odd = await built(['CREATE TABLE plain (b, CONSTRAINT x)', 'CREATE INDEX i ON plain (b)'])
  await inMemory(async (session) => {
    await session.exec(["CREATE TABLE 'odd one' (a, b, CONSTRAINT x)", 'INSERT INTO "odd one" VALUES (1, 2)'])
    const renames = new Map([['table odd one', 'plain']])
    const all = changesBetween(await read(session), odd, renames)
    t.match(all[1]?.loses, /values of a go/)
    await session.exec(sqlOf(all))
    t.same(await read(session), odd)
    t.same(await session.query('SELECT * FROM plain'), [{ b: 2 }])
  })
})

t.test('a view of what is not there yet is out of the way until it is', async (t) => {
  const view = 'CREATE VIEW v AS SELECT * FROM later'
  const expected = await built(['CREATE TABLE a (b TEXT UNIQUE)', 'CREATE TABLE later (c)', view])
  await inMemory(async (session) => {
    await session.exec(['CREATE TABLE a (b TEXT)', view])
    await session.exec(sqlOf(changesBetween(await read(session), expected, noRenames)))
    t.same(await read(session), expected)
  })
})

/** What Alembic's documentation lists under "What does Autogenerate Detect (and what does it not detect?)". */
const classes: Readonly<Record<string, readonly [from: readonly string[], to: readonly string[]]>> = {
  'a table': [['CREATE TABLE a (b)'], ['CREATE TABLE a (b)', 'CREATE TABLE c (d)']],
  'a column': [['CREATE TABLE a (b)'], ['CREATE TABLE a (b, c)']],
  nullability: [['CREATE TABLE a (b)'], ['CREATE TABLE a (b NOT NULL)']],
  'an index': [['CREATE TABLE a (b)'], ['CREATE TABLE a (b)', 'CREATE INDEX i ON a (b)']],
  'an explicitly named unique constraint': [['CREATE TABLE a (b)'], ['CREATE TABLE a (b, CONSTRAINT u UNIQUE (b))']],
  'a foreign key': [['CREATE TABLE a (b)'], ['CREATE TABLE a (b REFERENCES a)']],
  'the type of a column': [['CREATE TABLE a (b VARCHAR(10))'], ['CREATE TABLE a (b VARCHAR(11))']],
  'a server default': [["CREATE TABLE a (b DEFAULT 'x')"], ["CREATE TABLE a (b DEFAULT 'X')"]],
  'an anonymous constraint': [['CREATE TABLE a (b UNIQUE)'], ['CREATE TABLE a (b)']],
  'the values of an enum, which is a check': [
    ["CREATE TABLE a (b CHECK (b IN ('x')))"],
    ["CREATE TABLE a (b CHECK (b IN ('x', 'y')))"],
  ],
  'a check': [['CREATE TABLE a (b)'], ['CREATE TABLE a (b CHECK (b > 1))']],
  'a primary key': [['CREATE TABLE a (b INT, c)'], ['CREATE TABLE a (b INT PRIMARY KEY, c)']],
  'the actions of a foreign key': [
    ['CREATE TABLE a (b REFERENCES a)'],
    ['CREATE TABLE a (b REFERENCES a ON DELETE CASCADE)'],
  ],
  'the condition of an index': [
    ['CREATE TABLE a (b)', 'CREATE INDEX i ON a (b) WHERE b > 1'],
    ['CREATE TABLE a (b)', 'CREATE INDEX i ON a (b) WHERE b > 2'],
  ],
  'the direction of an index': [
    ['CREATE TABLE a (b)', 'CREATE INDEX i ON a (b)'],
    ['CREATE TABLE a (b)', 'CREATE INDEX i ON a (b DESC)'],
  ],
  'an index on an expression': [
    ['CREATE TABLE a (b)', 'CREATE INDEX i ON a (lower(b))'],
    ['CREATE TABLE a (b)', 'CREATE INDEX i ON a (upper(b))'],
  ],
  'the expression of a generated column': [['CREATE TABLE a (b, c AS (b + 1))'], ['CREATE TABLE a (b, c AS (b + 2))']],
  'a view': [['CREATE VIEW v AS SELECT 1'], ['CREATE VIEW v AS SELECT 2']],
  'a trigger': [
    ['CREATE TABLE a (b)'],
    ['CREATE TABLE a (b)', 'CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END'],
  ],
  'the order of columns': [['CREATE TABLE a (b, c)'], ['CREATE TABLE a (c, b)']],
  'options of a table': [['CREATE TABLE a (b INT PRIMARY KEY)'], ['CREATE TABLE a (b INT PRIMARY KEY) WITHOUT ROWID']],
}

for (const [what, [from, to]] of Object.entries(classes))
  t.test(`${what} is seen, and made equal, in both directions`, async (t) => {
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      const expected = await built(b)
      await inMemory(async (session) => {
        await session.exec(a)
        const actual = await read(session)
        t.ok(compare(expected, actual).length > 0)
        await session.exec(sqlOf(changesBetween(actual, expected, noRenames)))
        t.same(await read(session), expected)
      })
    }
  })

t.test('equal schemas need nothing, and an empty one needs the dump', async (t) => {
  const [all, none] = [await built(everything), await built([])]
  t.same(changesBetween(all, all, noRenames), [])
  t.same(new Set(sqlOf(changesBetween(none, all, noRenames))), new Set(dumpSqlite(all).map(({ sql }) => sql)))
})
