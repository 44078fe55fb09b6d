import type { CatalogueObject } from './model.ts'

/** GRANT; or REVOKE, where what everybody has by default is taken away. */
export function grantSql({ properties }: Pick<CatalogueObject, 'properties'>): readonly string[] {
  const { privileges, 'with grant option': passed, on, grantee } = properties
  if (privileges === 'none') return [`REVOKE ALL ON ${on} FROM ${grantee}`]
  return [
    ...(privileges === undefined ? [] : [`GRANT ${privileges} ON ${on} TO ${grantee}`]),
    ...(passed === undefined ? [] : [`GRANT ${passed} ON ${on} TO ${grantee} WITH GRANT OPTION`]),
  ]
}

/** Takes back what a grant has given. */
export function revokeSql({ properties }: Pick<CatalogueObject, 'properties'>): string {
  const { privileges, 'with grant option': passed, on, grantee } = properties
  const usual = /^(FUNCTION|PROCEDURE) /.test(on!) ? 'EXECUTE' : 'USAGE'
  if (privileges === 'none') return `GRANT ${usual} ON ${on} TO ${grantee}`
  return `REVOKE ${[privileges, passed].filter((text) => text !== undefined).join(', ')} ON ${on} FROM ${grantee}`
}
