import { type TypeSpec, type } from '../../schema/type-spec.ts'

/** The types that SQLAlchemy gives to what operators and functions return. */
export const boolean: TypeSpec = type('Boolean')
export const text: TypeSpec = type('String')
export const integer: TypeSpec = type('Integer')
export const float: TypeSpec = type('Float')
export const dateTime: TypeSpec = type('DateTime')
