/** sql/roles.sql on a test's database, with roles of this suite's own: roles belong to the whole server. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSession, type Session } from '../../src/database/connect.ts'
import { SQL_FOLDER } from '../../src/database/statement.ts'

const ROLES = ['owner', 'job', 'desk', 'reader'] as const
export type Role = (typeof ROLES)[number]

export interface Roles {
  /** the rights as of the tables that are there now */
  grant(url: string): Promise<void>
  /** the URL for a user of this role */
  as(url: string, role: Role): string
  /** once no database is left that knows them */
  drop(url: string): Promise<void>
}

const withAdmin = async (url: string, work: (admin: Session) => Promise<unknown>): Promise<void> => {
  const admin = await openSession(url)
  try {
    await work(admin)
  } finally {
    await admin.close()
  }
}

export function rolesNamed(prefix: string): Roles {
  const text = readFileSync(join(SQL_FOLDER, 'roles.sql'), 'utf8').replaceAll(
    /\btieout_(?=owner|job|desk|reader)/g,
    `${prefix}_`,
  )
  const logins = ROLES.map((role) => `alter role ${prefix}_${role} login password 'of-${role}'`)
  return {
    grant: (url) => withAdmin(url, async (admin) => await admin.query([text, ...logins].join(';\n'))),
    as(url, role) {
      return url.replace(/^(\w+:\/\/)(?:[^@/]*@)?/, `$1${prefix}_${role}:of-${role}@`)
    },
    drop: (url) =>
      withAdmin(url, async (admin) => {
        for (const role of ROLES) await admin.query(`drop role if exists ${prefix}_${role}`)
      }),
  }
}
