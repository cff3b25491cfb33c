/** A copy of PocketBase's data folder, whether it runs or not, and what is looked at and mended in a copy. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Erasure, erasureList } from '@cloudfreedom/contracts';
import { Fault } from '../stack/fault.ts';
import { copyTree, type RowCounts } from './cluster.ts';

/** People, tenants and all else; and the log of requests. */
const DATABASES = ['data.db', 'auxiliary.db'];
const BUSY_TIMEOUT_MS = 30_000;

function open(folder: string, name: string): DatabaseSync {
  const file = path.join(folder, name);
  if (!existsSync(file)) throw new Fault(`${file} is missing: that is no data folder of PocketBase.`);
  return new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
}

function withDatabase<T>(folder: string, work: (database: DatabaseSync) => T): T {
  const database = open(folder, 'data.db');
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** Each database as it was in one moment, without the space that deleted rows left; files after what names them. */
export async function copyPocketBase(source: string, target: string): Promise<void> {
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (const name of DATABASES) {
    const database = open(source, name);
    try {
      database.prepare('VACUUM INTO ?').run(path.join(target, name));
    } finally {
      database.close();
    }
  }
  await copyTree(path.join(source, 'storage'), path.join(target, 'storage'));
}

/**
 * Rows of each table of a copy.
 * @throws Fault where SQLite finds it damaged
 */
export function readPocketBase(folder: string): RowCounts {
  return withDatabase(folder, (database) => {
    const [check] = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    if (check?.integrity_check !== 'ok')
      throw new Fault(`PocketBase's database is damaged: ${check?.integrity_check}. Take another backup.`);
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all() as {
      name: string;
    }[];
    return Object.fromEntries(
      tables.map(({ name }) => {
        const row = database.prepare(`SELECT count(*) AS count FROM "${name}"`).get() as { count: number };
        return [name, row.count];
      }),
    );
  });
}

/** Who was erased, as PocketBase's own list has it. */
export function readErasures(folder: string): Erasure[] {
  return withDatabase(folder, (database) => {
    const rows = database.prepare('SELECT subject, tenant, at, erased_by FROM erasures ORDER BY subject').all() as {
      [column in 'subject' | 'tenant' | 'at' | 'erased_by']: string;
    }[];
    const erasures = rows.map((row) => ({
      subjectId: row.subject,
      tenantId: row.tenant,
      at: row.at.replace(' ', 'T'),
      by: row.erased_by,
    }));
    return erasureList.parse({ erasures }).erasures;
  });
}

/** Of a row of the usage log: which reservation, and when. */
export interface UsageName {
  reservationId: string;
  /** Milliseconds since 1970. */
  at: number;
}

const nameOf = ({ reservationId, at }: UsageName) => `${reservationId} ${at}`;

/**
 * PocketBase is copied after the books: what it shows of the moments between goes, for no book has it.
 * @param booked rows of billing's log since then
 * @returns rows that went
 */
export function dropUnbookedUsage(folder: string, since: Date, booked: UsageName[]): number {
  const known = new Set(booked.map(nameOf));
  return withDatabase(folder, (database) => {
    const rows = database
      .prepare('SELECT id, reservation_id, at FROM usage_logs WHERE at >= ?')
      .all(since.toISOString().replace('T', ' ')) as { id: string; reservation_id: string; at: string }[];
    const surplus = rows.filter(
      ({ reservation_id, at }) => !known.has(nameOf({ reservationId: reservation_id, at: Date.parse(at) })),
    );
    if (surplus.length === 0) return 0;
    const keeper = database.prepare("SELECT sql FROM sqlite_schema WHERE name = 'usage_logs_no_delete'").get() as {
      sql: string;
    };
    database.exec('BEGIN; DROP TRIGGER usage_logs_no_delete');
    for (const { id } of surplus) database.prepare('DELETE FROM usage_logs WHERE id = ?').run(id);
    database.exec(`${keeper.sql}; COMMIT`);
    return surplus.length;
  });
}
