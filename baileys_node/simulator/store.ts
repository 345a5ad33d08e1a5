/**
 * Durable state: tables of JSON rows, all in memory, written through to one SQLite file.
 * Whoever tells the outside anything calls `flush` first, so a kill at any moment loses nothing that was told.
 * A change between two flushes is all or nothing: synchronous blocks never tear.
 */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, owner TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (kind, owner, id)
  ) WITHOUT ROWID`

interface Row {
  owner: string
  id: string
  value: string
}

/** Rows of one kind, grouped by owner. A row is replaced, never changed in place. */
export class Table<T> {
  readonly #groups = new Map<string, Map<string, T>>()
  readonly #changed: (owner: string, id: string) => void

  constructor(rows: Row[], changed: (owner: string, id: string) => void) {
    this.#changed = changed
    for (const { owner, id, value } of rows) this.#group(owner).set(id, parse(value) as T)
  }

  get(owner: string, id: string): T | undefined {
    return this.#groups.get(owner)?.get(id)
  }

  /** An owner's rows by id, in the order they were made. */
  of(owner: string): ReadonlyMap<string, T> {
    return this.#groups.get(owner) ?? new Map<string, T>()
  }

  set(owner: string, id: string, value: T): void {
    this.#group(owner).set(id, value)
    this.#changed(owner, id)
  }

  delete(owner: string, id: string): void {
    if (this.#groups.get(owner)?.delete(id)) this.#changed(owner, id)
  }

  drop(owner: string): void {
    for (const id of [...this.of(owner).keys()]) this.delete(owner, id)
    this.#groups.delete(owner)
  }

  #group(owner: string): Map<string, T> {
    let group = this.#groups.get(owner)
    if (!group) this.#groups.set(owner, (group = new Map()))
    return group
  }
}

export class Store {
  readonly #database: DatabaseSync
  readonly #tables = new Map<string, Table<unknown>>()
  readonly #dirty = new Map<string, [kind: string, owner: string, id: string]>()

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.#database = new DatabaseSync(join(folder, 'whatsapp.sqlite'))
    this.#database.exec(SCHEMA)
  }

  /** The table `kind`; asked for once. Rows come back ordered by id. */
  table<T>(kind: string): Table<T> {
    const select = this.#database.prepare('SELECT owner, id, value FROM records WHERE kind = ? ORDER BY owner, id')
    const rows = select.all(kind) as unknown as Row[]
    const table = new Table<T>(rows, (owner, id) => this.#dirty.set(`${kind}/${owner}/${id}`, [kind, owner, id]))
    this.#tables.set(kind, table as Table<unknown>)
    return table
  }

  /** Makes everything changed so far durable, at once. */
  flush(): void {
    if (this.#dirty.size === 0) return
    const put = this.#database.prepare('INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)')
    const remove = this.#database.prepare('DELETE FROM records WHERE kind = ? AND owner = ? AND id = ?')
    this.#database.exec('BEGIN')
    for (const [kind, owner, id] of this.#dirty.values()) {
      const value = this.#tables.get(kind)?.get(owner, id)
      if (value === undefined) remove.run(kind, owner, id)
      else put.run(kind, owner, id, JSON.stringify(value, replacer))
    }
    this.#database.exec('COMMIT')
    this.#dirty.clear()
  }

  close(): void {
    this.flush()
    this.#database.close()
  }
}

/** Buffers travel as `{"$": base64}`: JSON's own form of them is three times as long. */
function replacer(this: unknown, key: string, value: unknown): unknown {
  const raw = (this as Record<string, unknown>)[key]
  return raw instanceof Uint8Array ? { $: Buffer.from(raw).toString('base64') } : value
}

function parse(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    const encoded = (value as { $?: unknown } | null)?.$
    return typeof encoded === 'string' ? Buffer.from(encoded, 'base64') : value
  })
}
