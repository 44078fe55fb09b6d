import { crashMatrix } from './matrix.ts'

await crashMatrix('sqlite')
