import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Either, Fact, Sym, Unknown, type Value } from '../../python/values.ts'
import { databaseName } from '../database-name.ts'
import type { Recorder } from '../recorder.ts'
import { opposite, Rows } from './rows.ts'
import { queryOf } from './select-query.ts'
import { type SelectItem, type SelectShape, selectShape } from './select-shape.ts'
import { closing, isSign, isWord, lineOf, type Token } from './sql-tokens.ts'

/** Where a value of a SELECT comes from. */
interface Reading {
  readonly vm: Interpreter
  readonly recorder: Recorder
  readonly at: Span
}

/** The one row of a SELECT that always has exactly one: COUNT(*), EXISTS (…), DATABASE(). undefined for any other. */
export function singleRow(shape: SelectShape, reading: Reading): readonly Value[] | undefined {
  if (!shape.plain && !(shape.limited && shape.tables.length === 0)) return undefined
  const values = shape.items.map((item) => singleValue(item, shape, reading))
  return values.length === 0 || values.includes(undefined) ? undefined : (values as Value[])
}

function singleValue(item: SelectItem, shape: SelectShape, reading: Reading): Value | undefined {
  const { tokens } = item
  if (shape.tables.length > 0) return isWord(tokens[0], 'count') ? counted(tokens, shape, reading) : undefined
  if (shape.where.length > 0) return undefined
  return existence(tokens, reading) ?? place(tokens) ?? registered(tokens, reading) ?? constant(tokens)
}

/** COUNT(*) is as many rows as there are; COUNT(x), those where x is there. */
function counted(tokens: readonly Token[], shape: SelectShape, { vm, recorder, at }: Reading): Value | undefined {
  if (!isSign(tokens[1], '(') || closing(tokens, 1) !== tokens.length - 1) return undefined
  const inner = tokens.slice(2, -1).filter((token) => !isWord(token, 'distinct'))
  const every = inner.length === 1 && (isSign(inner[0], '*') || inner[0]?.kind === 'number')
  const text = lineOf(inner)
  if (!every && (text === undefined || !/^[\w.]+$/.test(text))) return undefined
  const all = queryOf({ ...shape, items: [] }, recorder.target.dialect)
  // names in the catalogue are never NULL
  const whole = every || (all.about !== 'data' && text!.endsWith('name'))
  const where = [...(all.sql?.where ?? []), `${text} IS NOT NULL`]
  const query = whole || !all.sql ? all : { ...all, about: 'data' as const, sql: { ...all.sql, where } }
  const rows = new Rows(query, recorder)
  return query.single ? oneOrNone(rows.has(vm, [], at)) : new Sym({ op: 'len', seq: vm.symbolic(rows, at) })
}

/** How many there are of what can be there once. */
function oneOrNone(answer: boolean | Fact | Unknown): Value {
  if (answer instanceof Fact) return new Either(answer.predicate, 1n, 0n)
  return answer instanceof Unknown ? answer : answer ? 1n : 0n
}

/** `EXISTS (SELECT …)`, `NOT EXISTS (…)`, `COUNT(*) > 0` over a subquery is not looked into. */
function existence(tokens: readonly Token[], reading: Reading): Value | undefined {
  const negated = isWord(tokens[0], 'not')
  const rest = negated ? tokens.slice(1) : tokens
  if (!isWord(rest[0], 'exists') || !isSign(rest[1], '(')) return undefined
  if (closing(rest, 1) !== rest.length - 1) return undefined
  const { vm, recorder, at } = reading
  const inner = selectShape(rest.slice(2, -1))
  if (!inner) return undefined
  const answer = new Rows(queryOf(inner, recorder.target.dialect), recorder).has(vm, [], at)
  return negated ? opposite(answer) : answer
}

/** Where one is: the server knows its name. */
function place(tokens: readonly Token[]): Value | undefined {
  const text = lineOf(tokens)?.toLowerCase() ?? ''
  return /^((database|schema|current_database|current_schema) ?\( ?\)|current_schema)$/.test(text)
    ? databaseName
    : undefined
}

/** `to_regclass('t')`, with `IS NOT NULL` behind it or not. */
function registered(tokens: readonly Token[], { vm, recorder, at }: Reading): Value | undefined {
  if (!isWord(tokens[0], 'to_regclass') || recorder.target.dialect !== 'postgres') return undefined
  const argument = tokens[2]
  const end = closing(tokens, 1)
  if (argument?.kind !== 'string' || end !== 3) return undefined
  const rest = tokens
    .slice(end + 1)
    .map(({ value }) => value)
    .join(' ')
  const parts = argument.value.split('.').map((part) => part.replace(/^"|"$/g, ''))
  const [name, schema] = [parts.at(-1)!, parts.at(-2)]
  const fact = {
    kind: 'table',
    table: schema === undefined || schema === 'public' ? { name } : { name, schema },
  } as const
  const answer = recorder.ask(vm, fact, at)
  if (rest === 'is not null') return answer
  if (rest === 'is null') return opposite(answer)
  // the value itself is a name where there is one, None otherwise
  if (rest !== '' && !/^: : (text|regclass|varchar)$/.test(rest)) return undefined
  const query = {
    about: 'table',
    what: `to_regclass('${name}')`,
    given: [
      { means: 'table', values: [name] },
      ...(fact.table.schema === undefined ? [] : [{ means: 'schema', values: [fact.table.schema] }]),
    ],
    fields: new Map([['', { means: 'table' }]]),
    sql: undefined,
    single: true,
  } as const
  const seq = vm.symbolic(new Rows(query, recorder), at)
  return new Sym({ op: 'first', seq, fallback: null })
}

function constant(tokens: readonly Token[]): Value | undefined {
  const [only] = tokens
  if (tokens.length !== 1 || !only) return undefined
  if (only.kind === 'string') return only.value
  if (only.kind === 'number' && /^\d+$/.test(only.value)) return BigInt(only.value)
  return isWord(only, 'true', 'false') ? only.value === 'true' : isWord(only, 'null') ? null : undefined
}

/** Functions of SQL that only compute: a SELECT with any other may do something. */
const harmless = new Set(
  `abs age any array_agg array_length array_to_string avg cast ceil ceiling char_length character_length coalesce concat
concat_ws convert count current_database current_date current_schema current_schemas current_setting current_time
current_timestamp database date date_format date_part date_trunc datetime day decode distinct dense_rank encode every
exists extract first_value floor format format_type from_unixtime gen_random_uuid generate_series greatest group_concat
has_table_privilege hex hour if ifnull in instr int integer isnull json_agg json_array json_array_length json_build_object
json_each json_extract json_object json_object_agg json_type json_unquote json_valid jsonb_agg jsonb_array_elements
jsonb_array_elements_text jsonb_array_length jsonb_build_object jsonb_each jsonb_object_keys jsonb_typeof julianday
lag last_insert_rowid last_value lead least left length like lower lpad ltrim max md5 min minute mod month now nullif
numeric obj_description octet_length over partition pg_get_constraintdef pg_get_expr pg_get_indexdef pg_get_serial_sequence
pg_get_viewdef pg_get_functiondef pg_size_pretty pg_table_size pg_total_relation_size pg_relation_size pg_typeof position power
pragma_foreign_key_list pragma_index_info pragma_index_list pragma_table_info pragma_table_xinfo printf quote quote_ident
quote_literal random rand rank regexp_matches regexp_replace repeat replace reverse right round row_number rpad rtrim
schema sha2 sign split_part sqlite_version sqrt strftime string_agg strpos substr substring sum then time timestamp to_char
to_date to_json to_jsonb to_number to_regclass to_regtype to_timestamp total trim trunc typeof unhex unicode unixepoch
unnest upper uuid uuid_generate_v4 values varchar char decimal version when where and or not on as from select by using between else
filter within all some is having join user session_user current_user year unaccent col_description pg_encoding_to_char`.split(
    /\s+/,
  ),
)

/** The function of a SELECT that may change something, if it calls one. */
export function changingFunction(tokens: readonly Token[]): string | undefined {
  const called = tokens.find(
    (token, at) =>
      token.kind === 'word' &&
      isSign(tokens[at + 1], '(') &&
      !isSign(tokens[at - 1], ')') &&
      !harmless.has(token.value) &&
      !isAliasList(tokens, at),
  )
  return called?.value
}

/** `WITH t (a, b) AS`, `FROM unnest(…) AS t (a)` */
function isAliasList(tokens: readonly Token[], at: number): boolean {
  return isWord(tokens[at - 1], 'as', 'with', 'recursive', 'table') || isWord(tokens[closing(tokens, at + 1) + 1], 'as')
}
