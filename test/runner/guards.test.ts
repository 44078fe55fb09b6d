import t from 'tap'
import { Project } from '../project.ts'
import { eachServer, type Kind } from '../servers/databases.ts'

const id = '20250101_000000_guards'

const setup = `CREATE TABLE lead_one (id integer NOT NULL, email varchar(40), CONSTRAINT lead_one_pk PRIMARY KEY (id), CONSTRAINT lead_one_email UNIQUE (email));
CREATE TABLE child (id integer, parent integer, CONSTRAINT child_lead FOREIGN KEY (parent) REFERENCES lead_one (id), CONSTRAINT positive CHECK (id > 0));
CREATE INDEX lead_one_both ON lead_one (id, email);
CREATE VIEW lead_view AS SELECT id FROM lead_one;
INSERT INTO lead_one VALUES (1, 'a');
CREATE TABLE seen (fact integer);
`

/** Facts that hold in what `setup` makes. */
const holding = [
  'table lead_one exists',
  'table lead_view exists',
  'table nothing absent',
  'column lead_one.email exists',
  'column lead_one.phone absent',
  'column nothing.id absent',
  'index lead_one_both on lead_one exists',
  'index lead_one_both on child absent',
  'index nothing on lead_one absent',
  'constraint child_lead on child exists',
  'constraint positive on child exists',
  'constraint lead_one_email on lead_one exists',
  'constraint lead_one_email on child absent',
  "rows (SELECT * FROM lead_one WHERE email = 'a') exists",
  'rows (SELECT 1 FROM lead_one WHERE id > 1) absent',
  'table lead_one exists and column lead_one.phone absent and rows (SELECT 1 FROM lead_one) exists',
]

/** The same facts the other way round. */
const failing = holding.map((fact) =>
  fact.replace(/(absent|exists)$/, (end) => (end === 'absent' ? 'exists' : 'absent')),
)

function guarded(facts: readonly string[]): string {
  return facts.map((fact, index) => `-- sqlmig: when ${fact}\nINSERT INTO seen VALUES (${index});\n`).join('')
}

await eachServer(t, 'every kind of fact is asked of the database as it is at that moment', async (t, database) => {
  const project = new Project(database, { [id]: setup + guarded(holding) })
  const { code, stderr } = await project.up()
  t.equal(code, 0, stderr)
  t.notMatch(stderr, /skipped/)
  t.equal(await project.count('seen'), holding.length)
})

await eachServer(
  t,
  'a statement whose fact does not hold is skipped, and that is told with its place',
  async (t, database) => {
    const project = new Project(database, { [id]: setup + guarded(failing) })
    const { code, stderr } = await project.up()
    t.equal(code, 0, stderr)
    t.equal(await project.count('seen'), 0)
    t.equal(stderr.match(/^ {2}skipped /gm)?.length, failing.length)
    t.match(stderr, `skipped  statement 7 (${project.file(id)}:7:`)
    t.match(stderr, 'since this does not hold: table lead_one absent')
  },
)

const quoted: Readonly<Record<Kind, { setup: string; facts: string[] }>> = {
  postgres: {
    setup: `CREATE SCHEMA "Side Door"; CREATE TABLE "Side Door"."Odd ""Name" ("A Column" integer CONSTRAINT "K 1" CHECK ("A Column" > 0));
CREATE INDEX "I 1" ON "Side Door"."Odd ""Name" ("A Column"); CREATE TABLE Folded (id integer);`,
    facts: [
      'table "Side Door"."Odd ""Name" exists',
      'table "Odd ""Name" absent',
      'table FOLDED exists',
      'table "Folded" absent',
      'table public.folded exists',
      'column "Side Door"."Odd ""Name"."A Column" exists',
      'column "Side Door"."Odd ""Name"."a column" absent',
      'index "I 1" on "Side Door"."Odd ""Name" exists',
      'constraint "K 1" on "Side Door"."Odd ""Name" exists',
    ],
  },
  mysql: {
    setup:
      'CREATE TABLE `odd name` (`a column` integer, CONSTRAINT `k 1` UNIQUE (`a column`)); CREATE INDEX `i 1` ON `odd name` (`a column`);',
    facts: [
      'table `odd name` exists',
      'table mysql.user exists',
      'table mysql.`odd name` absent',
      'column `odd name`.`a column` exists',
      'column mysql.user.user exists',
      'index `i 1` on `odd name` exists',
      'constraint `k 1` on `odd name` exists',
    ],
  },
  mariadb: { setup: '', facts: [] },
  sqlite: {
    setup: `CREATE TABLE "Odd ""Name" ("A Column" integer, CONSTRAINT "K 1" CHECK ("A Column" > 0)); CREATE INDEX "I 1" ON "Odd ""Name" ("A Column"); CREATE TEMP TABLE passing (id integer);`,
    facts: [
      'table "odd ""name" exists',
      'table [Odd "Name] exists',
      'table main."Odd ""Name" exists',
      'table temp."Odd ""Name" absent',
      'table temp.passing exists',
      'column "Odd ""Name"."a column" exists',
      'column main."Odd ""Name"."A Column" exists',
      'column temp.passing.id exists',
      'column temp."Odd ""Name".id absent',
      'index "I 1" on "Odd ""Name" exists',
      'constraint "K 1" on "Odd ""Name" exists',
      'constraint "K 2" on "Odd ""Name" absent',
    ],
  },
}

await eachServer(t, 'names in facts are quoted and qualified as in SQL', async (t, database) => {
  const { setup, facts } = quoted[database.kind === 'mariadb' ? 'mysql' : database.kind]
  const project = new Project(database, { [id]: `CREATE TABLE seen (fact integer);\n${setup}\n${guarded(facts)}` })
  const { code, stderr } = await project.up()
  t.equal(code, 0, stderr)
  const rows = await database.query('select fact from seen order by fact')
  t.strictSame(
    rows.map(({ fact }) => facts[Number(fact)]),
    facts,
  )
})

await eachServer(t, 'a guard that cannot be asked stops the migration at its line', async (t, database) => {
  const project = new Project(database, {
    [id]: `CREATE TABLE seen (id integer);\n-- sqlmig: when rows (SELECT 1 FROM nowhere) exists\nINSERT INTO seen VALUES (1);`,
  })
  const { code, error } = await project.up()
  t.equal(code, 1)
  t.match(error, {
    code: 'statement',
    message: /the guard of statement 2 cannot be asked: .*nowhere/,
    file: project.file(id),
    line: 2,
    remedy: /correct the guard/,
  })
})

await eachServer(t, '"above" stands for what the guard before it was told', async (t, database) => {
  const project = new Project(database, {
    [id]: `CREATE TABLE lead_one (id integer);
CREATE TABLE other (id integer, phone integer);
INSERT INTO lead_one VALUES (1);
INSERT INTO other VALUES (1, 0);
-- sqlmig: when column lead_one.phone absent
ALTER TABLE lead_one ADD COLUMN phone integer;
-- sqlmig: when above
UPDATE lead_one SET phone = 5;
-- sqlmig: when above and rows (SELECT 1 FROM lead_one WHERE phone = 5) exists
INSERT INTO lead_one VALUES (2, 2);
-- sqlmig: when column other.phone absent
ALTER TABLE other ADD COLUMN phone integer;
-- sqlmig: when above
UPDATE other SET phone = 5;
`,
  })
  const { code, stderr } = await project.up()
  t.equal(code, 0, stderr)
  t.equal(await project.count('lead_one', 'phone IN (5, 2)'), 2)
  t.equal(await project.count('other', 'phone = 5'), 0)
})

await eachServer(t, 'a run that goes on after a failure knows what the guard was told', async (t, database) => {
  const text = (last: string) => `CREATE TABLE lead_one (id integer);
INSERT INTO lead_one VALUES (1);
-- sqlmig: when column lead_one.phone absent
ALTER TABLE lead_one ADD COLUMN phone integer;
INSERT INTO ${last} VALUES (7);
-- sqlmig: when above
UPDATE lead_one SET phone = 5;
`
  const project = new Project(database, { [id]: text('nothing') })
  t.equal((await project.up()).code, 1)
  project.write(id, text('lead_one (id)'))
  const { code, stderr } = await project.up()
  t.equal(code, 0, stderr)
  t.equal(await project.count('lead_one', 'phone = 5'), 2)
})

await eachServer(t, 'what is expected and not so stops the migration', async (t, database) => {
  const project = new Project(database, {
    [id]: '-- sqlmig: expect table lead_one exists\nCREATE TABLE two (id integer);\n',
  })
  const { code, stderr } = await project.up()
  t.equal(code, 1)
  t.match(stderr, /error\[expectation\].*table lead_one exists/)
  t.match(stderr, /guards\.up\.sql:1:1/)
})

await eachServer(t, '"above" without a guard above is refused before anything runs', async (t, database) => {
  const project = new Project(database, {
    [id]: 'CREATE TABLE two (id integer);\n-- sqlmig: when above\nDROP TABLE two;\n',
  })
  const { code, stderr } = await project.up()
  t.equal(code, 2)
  t.match(stderr, /no guarded statement stands above/)
})
