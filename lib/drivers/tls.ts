import { readFile } from 'node:fs/promises'
import { SqlmigError } from '../errors.ts'
import type { Tls } from './target.ts'

export interface TlsMaterial {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly rejectUnauthorized: boolean
}

/** The PEM files that a URL names, and whether the server's certificate must be trusted. */
export async function tlsMaterial(tls: Tls): Promise<TlsMaterial> {
  const { ca, cert, key, mode } = tls
  return {
    ...(ca === undefined ? {} : { ca: await pem(ca) }),
    ...(cert === undefined ? {} : { cert: await pem(cert) }),
    ...(key === undefined ? {} : { key: await pem(key) }),
    rejectUnauthorized: mode === 'verify-ca' || mode === 'verify-full',
  }
}

async function pem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const remedy = 'correct sslrootcert, sslcert or sslkey in the URL'
    throw new SqlmigError('connection', `the PEM file ${path} cannot be read`, { remedy, cause })
  }
}
