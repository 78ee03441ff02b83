/** The schema that Tieout's tables are in, and that nobody else may create in: names are looked up nowhere else. */

import { DatabaseFault } from '../core/errors.ts'
import type { Db } from './handle.ts'

/** Made where the schema of the user is open to others. */
const OWN = 'tieout'

/** Where we work. */
export interface OwnSchema {
  schema: string
  /** the database has the extension of Citus */
  is_citus: boolean
}

interface Schema {
  name: string
  /** has Tieout's tables */
  is_ours: boolean
  /** who else may create in it */
  open_to: string[]
}

/** Every name has its schema, since others' functions may be found until the search path is set. Grain: one row. */
const PATH = `
  select pg_catalog.current_schemas(false)::pg_catalog.text[] as path,
    pg_catalog.to_regclass('pg_catalog.pg_dist_partition') is not null as is_citus`

/** Grain: one row per schema of the path, in its order, and for Tieout's own at the end. */
const SCHEMAS = `
  select n.nspname::text as name, part.relowner is not null as is_ours,
    array(
      select coalesce(r.rolname::text, 'public') from aclexplode(n.nspacl) a left join pg_roles r on r.oid = a.grantee
      where a.privilege_type = 'CREATE' and r.rolname is distinct from current_user and r.rolsuper is not true
        and a.grantee <> n.nspowner and a.grantee is distinct from part.relowner
      order by 1) as open_to
  from unnest($1::text[] || '${OWN}'::text) with ordinality as p (name, place)
  join pg_namespace n on n.nspname = p.name
  left join pg_class part on part.relnamespace = n.oid and part.relname = 'schema_part' and part.relkind = 'r'
  order by p.place`

/** A name as it stands in a statement. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Finds the schema: the first of the user's search path that has the tables, else the first of it, else one of its own, which
 * `migrate` makes. From then on the connection looks names up in pg_catalog and there only. Throws a DatabaseFault where
 * others may create in the schema of the tables: a function of theirs would run in Tieout's name.
 */
export async function findSchema(db: Db, place: string): Promise<OwnSchema> {
  const [found] = await db.query<{ path: string[]; is_citus: boolean }>(PATH)
  await db.query('set search_path = pg_catalog')
  const schemas = await db.query<Schema>(SCHEMAS, [found?.path ?? []])
  const ours = schemas.find(({ is_ours }) => is_ours)
  const usual = schemas.find(({ name }) => name === found?.path[0])
  const chosen = ours ?? (usual?.open_to.length === 0 ? usual : schemas.find(({ name }) => name === OWN))
  if (chosen !== undefined && chosen.open_to.length > 0) {
    const others = chosen.open_to.map((role) => (role === 'public' ? role : quoted(role))).join(', ')
    throw new DatabaseFault(
      `${place}: others may create functions in schema ${chosen.name}, which would run in Tieout's name; ` +
        `take that from them: revoke create on schema ${quoted(chosen.name)} from ${others}`,
    )
  }
  const schema = chosen?.name ?? OWN
  await db.query(`set search_path = ${quoted(schema)}`)
  return { schema, is_citus: found?.is_citus === true }
}
