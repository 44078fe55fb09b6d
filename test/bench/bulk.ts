import type { Place } from './arena.ts'

/** Rows for large files: of about a hundred bytes as an INSERT, some with what a careless split would fall over. */

const notes = [
  'an ordinary note; with a semicolon',
  "it''s quoted -- and no comment",
  'one /* two */ three',
  'naïve ✓ UTF-8',
]

export const table =
  'create table bulk (id integer primary key, owner integer not null, amount numeric(12,2), note varchar(100), at varchar(30))'

function row(id: number): string {
  return `(${id}, ${(id * 7919) % 100_003}, ${id % 9000}.25, '${notes[id % notes.length]}', '2025-01-01 00:00:${String(id % 60).padStart(2, '0')}')`
}

/** INSERTs of so many rows each, until it is so many bytes; `rows` is told at the end. */
export class Inserts {
  readonly rows: number
  private readonly each: number

  constructor(bytes: number, each: number) {
    this.each = each
    const sample = Array.from({ length: 1000 }, (_, n) => row(1_000_000 + n)).join(', ').length / 1000
    const perRow = sample + 'INSERT INTO bulk VALUES ;\n'.length / each
    this.rows = Math.ceil(bytes / perRow / each) * each
  }

  *sql(): Generator<string> {
    for (let id = 0; id < this.rows; id += this.each * Math.ceil(1000 / this.each)) yield this.piece(id)
  }

  /** Some hundred kilobytes. */
  private piece(from: number): string {
    let text = ''
    const to = Math.min(this.rows, from + this.each * Math.ceil(1000 / this.each))
    for (let id = from; id < to; id += this.each)
      text += `INSERT INTO bulk VALUES ${Array.from({ length: this.each }, (_, n) => row(id + n)).join(', ')};\n`
    return text
  }
}

/** A block of COPY as pg_dump writes it. */
export class Copy {
  readonly rows: number

  constructor(bytes: number) {
    this.rows = Math.ceil(bytes / (Array.from({ length: 1000 }, (_, n) => line(1_000_000 + n)).join('').length / 1000))
  }

  *sql(): Generator<string> {
    yield 'COPY bulk (id, owner, amount, note, at) FROM stdin;\n'
    for (let id = 0; id < this.rows; id += 1000)
      yield Array.from({ length: Math.min(1000, this.rows - id) }, (_, n) => line(id + n)).join('')
    yield '\\.\n'
  }
}

function line(id: number): string {
  const note = notes[id % notes.length]!.replaceAll("''", "'")
  return `${id}\t${(id * 7919) % 100_003}\t${id % 9000}.25\t${note}\t2025-01-01 00:00:${String(id % 60).padStart(2, '0')}\n`
}

/** All rows are there, once each, with their texts whole. */
export async function verifyRows(place: Place, rows: number): Promise<void> {
  const [row] = await place.query('select count(*) as n, sum(id) as ids, sum(length(note)) as letters from bulk')
  const letters = place.kind === 'mysql' || place.kind === 'mariadb' ? bytes : codePoints
  let expected = 0
  for (const [index, note] of notes.entries())
    expected += letters(note.replaceAll("''", "'")) * (Math.floor((rows - 1 - index) / notes.length) + 1)
  const found = [row?.n, row?.ids, row?.letters].map(Number)
  const right = [rows, (rows * (rows - 1)) / 2, expected]
  if (found.join() !== right.join()) throw new Error(`the rows, their ids and letters are ${found}, not ${right}`)
}

// what LENGTH() counts
const bytes = (text: string) => Buffer.byteLength(text)
const codePoints = (text: string) => [...text].length
