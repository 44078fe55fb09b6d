import type { Options } from '../schema/table.ts'

/** A name as it stands, or none: then the server gives one. */
export type Naming = { readonly name: { readonly fixed: string } } | { readonly byServer: true }

export function named(name: string | undefined): Naming {
  return name === undefined ? { byServer: true } : { name: { fixed: name } }
}

export function withOptions(options: Options): { readonly options?: Options } {
  return Object.keys(options).length > 0 ? { options } : {}
}
