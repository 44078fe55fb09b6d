/** What the texts of the queries depend on. */
export interface Server {
  /** 15, 18. */
  readonly version: number
  /** The schema whose objects are named without it, as a literal. */
  readonly schema: string
}

/** What older servers do not have a column for. */
export const since = ({ version }: Server, first: number, expression: string): string =>
  version >= first ? expression : 'NULL'

/** Schemas that are neither the server's own nor a session's; what an extension or another object has made comes with it. */
export const ours = (namespace: string, catalogue: string, oid: string): string =>
  `${namespace} NOT LIKE 'pg\\_%' AND ${namespace} <> 'information_schema' AND ${notOfExtension(catalogue, oid)}`

export const notOfExtension = (catalogue: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE (x.deptype = 'e' OR x.deptype = 'i' AND x.refobjid <> x.objid) AND x.classid = 'pg_catalog.${catalogue}'::pg_catalog.regclass AND x.objid = ${oid})`

/** An object with the properties that are not null; every value becomes a text. */
export const object = (properties: Readonly<Record<string, string>>): string =>
  `pg_catalog.json_strip_nulls(pg_catalog.json_build_object(${Object.entries(properties)
    .map(([name, value]) => `'${name}', (${value})::text`)
    .join(', ')}))`

export const flag = (condition: string): string => `CASE WHEN ${condition} THEN 'yes' END`

export const comment = (oid: string, catalogue: string): string => `pg_catalog.obj_description(${oid}, '${catalogue}')`

/** `a, b` of an array; NULL where it is empty. */
export const list = (array: string): string => `nullif(pg_catalog.array_to_string(${array}, ', '), '')`

/** Options of foreign things, `name 'value'` each. */
export const foreignOptions = (array: string): string =>
  `(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(option_name) || ' ' || pg_catalog.quote_literal(option_value), ', ' ORDER BY option_name) FROM pg_catalog.pg_options_to_table(${array}))`

/** A text without the usual schema before the name that it gives to what it makes: only the first place, which is the head. */
export const unqualified = (text: string, before: string, namespace: string): string => {
  const qualified = `(${before} || pg_catalog.quote_ident(${namespace}) || '.')`
  const place = `pg_catalog.strpos(${text}, ${qualified})`
  return `CASE WHEN ${namespace} = :schema AND ${place} > 0 THEN pg_catalog.overlay(${text}, '', ${place} + pg_catalog.length(${before}),
  pg_catalog.length(pg_catalog.quote_ident(${namespace})) + 1) ELSE ${text} END`
}

/** A name as it stands in SQL. */
export const title = (namespace: string, name: string): string =>
  `CASE WHEN ${namespace} = :schema THEN '' ELSE pg_catalog.quote_ident(${namespace}) || '.' END || pg_catalog.quote_ident(${name})`

/** How the server's records of dependencies call a row of a catalogue. */
export const identity = (alias: string): string => `${alias}.tableoid::text || '/' || ${alias}.oid::text`

/** The parts of a thing as one array of `kind`, `name`, `properties` and identities, in an order. */
export const parts = (rows: string): string =>
  `(SELECT pg_catalog.json_agg(pg_catalog.json_build_object('kind', p.kind, 'name', p.name, 'properties', p.properties, 'id', p.id, 'defaultId', p.default_id) ORDER BY p.place, p.name) FROM (${rows}) p)`

export interface Simple {
  readonly kind: string
  readonly schema?: string
  readonly name: string
  readonly table?: string
  readonly properties: Readonly<Record<string, string>>
  readonly parts?: string
  /** The alias of the row of a catalogue that it is. */
  readonly of: string
  readonly from: string
}

export const simple = (query: Simple): string => {
  const { kind, schema = 'NULL', name, table = 'NULL', properties, parts: own = 'NULL::json', of, from } = query
  return `SELECT ${kind} AS kind, ${schema}::text AS schema, ${name}::text AS name, ${table}::text AS "table", ${object(properties)} AS properties, ${own} AS parts, ${identity(of)} AS id FROM ${from}`
}
